using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>
/// Merges a contact into another one. For callers who run the organization, because the leads of all its agencies and clients move.
/// </summary>
public sealed class MergeContacts(RequestPipeline pipeline)
{
    [Function(nameof(MergeContacts))]
    [Operation("Contacts", "Merge a contact into another one", Description =
        "The other contact takes over the leads, activities, assignments and notifications, fills its gaps, and has the tags and custom "
        + "fields of both. Of two suppressions the stricter one stays. Two leads of one campaign become one. Afterwards the old id "
        + "redirects to the other contact, and events with the old e-mail address are about the other contact. A merge cannot be undone.")]
    [Requires(Capability.MergeContacts)]
    [Returns(200, typeof(Contact))]
    [Problems("not_found", "contact_merged")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/contacts/{contactId:guid}/merge")] HttpRequest request,
        Guid contactId) =>
        pipeline.RunAsync<MergeContacts, MergeContactsRequest>(request, async (call, input) =>
        {
            if (input.Into == contactId)
            {
                return Problems.InvalidMember("into", "must be the id of another contact");
            }
            await using var session = await call.WriteAsync();
            var locked = await Contacts.LockAsync(session, [contactId, input.Into], call.CancellationToken);
            if (locked.SingleOrDefault(contact => contact.Id == contactId) is not { } merged)
            {
                return await MissingContact.ProblemAsync(call, contactId);
            }
            if (locked.SingleOrDefault(contact => contact.Id == input.Into) is not { } before
                || before.OrganizationId != merged.OrganizationId)
            {
                return await MissingContact.ProblemAsync(call, input.Into);
            }
            var counts = await Contacts.MergeAsync(session, merged, before, call.Now.UtcDateTime, call.CancellationToken);
            var after = (await Contacts.FindAsync(session, before.Id, call.CancellationToken))!;
            await call.AuditAsync(session, "contact.merged", "contact", merged.Id, merged.OrganizationId, new
            {
                into = after.Id,
                before = AuditedChanges.Deleted(merged).Before,
                leads = counts.Leads,
                joined_leads = counts.JoinedLeads,
                // An erasure finds the entries about them by these.
                joined_lead_ids = counts.JoinedLeadIds,
                activities = counts.Activities,
                assignments = counts.Assignments,
            });
            var changes = AuditedChanges.Between(before, after);
            await call.AuditAsync(
                session, "contact.merged", "contact", after.Id, after.OrganizationId,
                new { from = merged.Id, before = changes.Before, after = changes.After });
            await session.CommitAsync();
            return EntityTags.ShowChanged(call, after);
        });
}

public sealed record MergeContactsRequest
{
    /// <summary>The contact that stays.</summary>
    public required Guid Into { get; init; }
}
