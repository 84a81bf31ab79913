using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Assignments;

/// <summary>Notifies users of assignments.</summary>
public static class AssignmentNotifications
{
    /// <summary>
    /// Notifies a user of the number of campaigns or contacts (<paramref name="subject"/>: <c>campaign</c> or <c>contact</c>) assigned to
    /// them, in one notification. Users are not notified of their own actions.
    /// </summary>
    public static Task TellAsync(
        DatabaseSession session, Assignee user, string subject, int count, Guid assignedBy, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            "select app.notify_assigned(@OrganizationId, @subject, array[@Id], array[@count], @assignedBy, @now)",
            new { user.OrganizationId, user.Id, subject, count, assignedBy, now }, cancellationToken);
}
