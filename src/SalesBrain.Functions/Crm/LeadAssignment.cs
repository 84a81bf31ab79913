using SalesBrain.Core.Crm;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Crm;

/// <summary>Whom leads are assigned to.</summary>
internal static class LeadAssignment
{
    internal const string NoUser = "must belong to an existing user";

    /// <summary>The user whom a request names by one of id and e-mail address, or what is wrong with that.</summary>
    internal static async Task<(AssignableUser? User, Problem? Problem)> FindAsync(
        DatabaseSession session, Guid? userId, string? email, CancellationToken cancellationToken)
    {
        var norm = email is null ? null : Core.Values.Emails.Normalize(Core.Values.Emails.Shown(email)!);
        var user = await LeadAssignees.FindAsync(session, userId, norm, cancellationToken);
        return user switch
        {
            null => (null, Problems.InvalidMember(userId is null ? "email" : "user_id", NoUser)),
            { Status: "disabled" } => (null, Problems.AssigneeDisabled),
            _ => (user, null),
        };
    }

    /// <summary>Why the user cannot take the lead; null if they can.</summary>
    internal static Problem? Refuse(AssignableUser user, LeadRow lead) =>
        LeadAssigneeRules.Refusal(user.Scope, user.Status, lead.OrganizationId, lead.AgencyId, lead.ClientId) is { } reason
            ? Problems.AssigneeUnsuitable.Because(reason)
            : null;

    /// <summary>
    /// Why the lead cannot be assigned as it would be after a change; null if it can, or if neither assignee nor place changes.
    /// </summary>
    internal static async Task<Problem?> CheckAsync(
        DatabaseSession session, LeadRow? before, LeadRow after, CancellationToken cancellationToken)
    {
        var isSame = before is not null
            && (before.AssignedTo, before.AgencyId, before.ClientId) == (after.AssignedTo, after.AgencyId, after.ClientId);
        if (isSame || after.AssignedTo is not { } assignee)
        {
            return null;
        }
        return await LeadAssignees.FindAsync(session, assignee, null, cancellationToken) is { } user
            ? user.Status == "disabled" ? Problems.AssigneeDisabled : Refuse(user, after)
            // An assignee whom the caller cannot see may keep the lead.
            : before?.AssignedTo == assignee ? null : Problems.InvalidMember("assigned_to", "must be the id of an existing user");
    }
}
