using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Deletes a lead. For roles that work leads, in their scope; members and agency staff only their own.</summary>
public sealed class DeleteLead(RequestPipeline pipeline)
{
    [Function(nameof(DeleteLead))]
    [Operation("Leads", "Delete a lead", Description =
        "The contact and the activities stay. Later events of the contact in the campaign create a new lead.")]
    [Requires(Capability.WorkLeads)]
    [Returns(200, typeof(Deleted))]
    [Problems("not_found", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/leads/{leadId:guid}")] HttpRequest request,
        Guid leadId) =>
        pipeline.RunAsync<DeleteLead>(request, async call =>
        {
            await using var session = await call.WriteAsync();
            var (lead, problem) = await ChangeableLead.LockAsync(call, session, leadId);
            if (lead is null)
            {
                return problem!;
            }
            if (!EntityTags.Match(call, lead))
            {
                return Problems.ChangedMeanwhile;
            }
            var entry = call.AuditEntry("lead.deleted", "lead", lead.Id, lead.OrganizationId, AuditedChanges.Deleted(lead));
            await LeadChanges.DeleteAsync(session, [lead], call.Now.UtcDateTime, [entry], call.CancellationToken);
            await session.CommitAsync();
            return ApiResults.Ok(new Deleted(lead.Id));
        });
}
