using SalesBrain.Core.Audit;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Crm;

/// <summary>A lead that the caller may change.</summary>
internal static class ChangeableLead
{
    /// <summary>For a caller who sees a lead and may not change it.</summary>
    internal static Problem NotOwn { get; } =
        Problems.Forbidden.Because("Your role can change only leads that are assigned to you or that you created.");

    /// <summary>
    /// Locks the lead, or returns why the caller may not change it: 404 when the caller does not see it, 403 when it is another user's.
    /// </summary>
    internal static async Task<(LeadRow? Lead, Problem? Problem)> LockAsync(Call call, DatabaseSession session, Guid leadId)
    {
        var locked = await LeadChanges.LockAsync(session, [leadId], call.CancellationToken);
        return locked.Rows is [var lead] ? (lead, null) : (null, FailureOf(leadId, locked));
    }

    /// <summary>Why a lead is not among the locked ones.</summary>
    internal static Problem FailureOf(Guid leadId, LockedLeads locked) => locked.Visible.Contains(leadId) ? NotOwn : Problems.NotFound;

    /// <summary>
    /// Writes a lead that has changed, with its audit entry, and tells a new assignee. Null: nothing is different, and nothing is written.
    /// </summary>
    internal static async Task<AuditEntry?> SaveAsync(
        Call call, DatabaseSession session, LeadRow before, LeadRow after, string action, string? notes = null)
    {
        var changes = AuditedChanges.Between(before, after);
        if (changes.AreEmpty)
        {
            return null;
        }
        var entry = call.AuditEntry(action, "lead", after.Id, after.OrganizationId, changes);
        await LeadChanges.UpdateAsync(session, [after with { UpdatedAt = call.Now.UtcDateTime }], [entry], call.CancellationToken);
        if (after.AssignedTo is { } assignee && assignee != before.AssignedTo)
        {
            await LeadChanges.NotifyAssigneeAsync(
                session, [after], assignee, call.Caller.UserId, notes, call.Now.UtcDateTime, call.CancellationToken);
        }
        return entry;
    }

    /// <summary>The lead as the session sees it now, with the first part of its timeline.</summary>
    internal static async Task<LeadDetail> ShowAsync(Call call, DatabaseSession session, Guid leadId)
    {
        var found = await LeadDetails.FindAsync(session, leadId, PageRules.DefaultPageSize + 1, null, call.CancellationToken);
        return LeadDetail.Of(found!, new TimelineCursor(leadId, null), PageRules.DefaultPageSize, call.Cursors);
    }
}
