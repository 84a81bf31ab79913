using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Assignments;

/// <summary>Telling users of what was assigned to them.</summary>
public static class AssignmentNotifications
{
    /// <summary>
    /// Tells a user that so many campaigns or contacts (<paramref name="subject"/>: <c>campaign</c> or <c>contact</c>) are theirs, in one
    /// notification; not if they did it themselves.
    /// </summary>
    public static Task TellAsync(
        DatabaseSession session, Assignee user, string subject, int count, Guid assignedBy, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            "select app.notify_assigned(@OrganizationId, @subject, array[@Id], array[@count], @assignedBy, @now)",
            new { user.OrganizationId, user.Id, subject, count, assignedBy, now }, cancellationToken);
}
