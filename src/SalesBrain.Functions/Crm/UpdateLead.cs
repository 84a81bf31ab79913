using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Crm;

/// <summary>Changes a lead. For roles that work leads, in their scope; members and agency staff only their own.</summary>
public sealed class UpdateLead(RequestPipeline pipeline)
{
    [Function(nameof(UpdateLead))]
    [Operation("Leads", "Update a lead", Description =
        "Only the fields that are sent change; null clears a field. Members and agency staff can change leads that are assigned to them or "
        + "that they created, and can hand them over. A lead can get any status. Webhooks that count opens or clicks do not change the "
        + "ETag; those that change status, interest or deal do.")]
    [Requires(Capability.WorkLeads)]
    [Returns(200, typeof(LeadDetail))]
    [Problems("not_found", "lead_exists", "assignee_disabled", "assignee_unsuitable", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/leads/{leadId:guid}")] HttpRequest request,
        Guid leadId) =>
        pipeline.RunAsync<UpdateLead, UpdateLeadRequest>(request, (call, input) => ChangeAsync(call, leadId, input));

    private static async Task<IResult> ChangeAsync(Call call, Guid leadId, UpdateLeadRequest input)
    {
        await using var session = await call.WriteAsync();
        var (before, problem) = await ChangeableLead.LockAsync(call, session, leadId);
        if (before is null)
        {
            return problem!;
        }
        if (!EntityTags.Match(call, before))
        {
            return Problems.ChangedMeanwhile;
        }
        var errors = new InputErrors();
        var changed = input.ApplyTo(await PlaceAsync(call, session, before, input, errors), call.Now.UtcDateTime, errors) with
        {
            AssignedTo = input.AssignedTo.Or(before.AssignedTo),
        };
        if (errors.Any)
        {
            return Problems.InvalidInput(errors);
        }
        if (await LeadAssignment.CheckAsync(session, before, changed, call.CancellationToken) is { } refusal)
        {
            return refusal;
        }
        if (changed.CampaignId != before.CampaignId
            && await LeadChanges.FindLiveAsync(session, changed, call.CancellationToken) is { } existing)
        {
            return Problems.LeadExists with { ExistingId = existing };
        }
        // If nothing is different there is no new version: copies that callers hold stay current.
        var entry = await ChangeableLead.SaveAsync(call, session, before, changed, "lead.updated");
        var after = await ChangeableLead.ShowAsync(call, session, leadId);
        if (entry is not null)
        {
            await session.CommitAsync();
        }
        return EntityTags.ShowChanged(call, after);
    }

    private static async Task<LeadRow> PlaceAsync(
        Call call, DatabaseSession session, LeadRow lead, UpdateLeadRequest input, InputErrors errors)
    {
        if (!input.CampaignId.IsSet && !input.ClientId.IsSet)
        {
            return lead;
        }
        var place = await LeadPlaces.FindAsync(
            session, input.CampaignId.Or(lead.CampaignId), input.ClientId.Value, null, call.CancellationToken);
        return LeadPlacement.Apply(input, lead, place, errors);
    }
}

public sealed record UpdateLeadRequest : LeadFields;
