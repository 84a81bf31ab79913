using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Deletes up to a hundred leads. For roles that work leads, in their scope; members and agency staff only their own.</summary>
public sealed class BulkDeleteLeads(RequestPipeline pipeline)
{
    [Function(nameof(BulkDeleteLeads))]
    [Operation("Leads", "Delete several leads", TakesBody = true, Description = "The contacts and the activities stay. " + BulkLeads.About)]
    [Requires(Capability.WorkLeads)]
    [Returns(200, typeof(BulkResult), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/leads/bulk")] HttpRequest request) =>
        pipeline.RunAsync<BulkDeleteLeads, BulkDeleteLeadsRequest>(request, async (call, input) =>
        {
            await using var session = await call.WriteAsync();
            var locked = await LeadChanges.LockAsync(session, input.LeadIds, call.CancellationToken);
            var failures = BulkLeads.Missing(input.LeadIds, locked);
            if (locked.Rows.Count > 0)
            {
                var entries = locked.Rows
                    .Select(lead => call.AuditEntry("lead.deleted", "lead", lead.Id, lead.OrganizationId, AuditedChanges.Deleted(lead)))
                    .ToList();
                await LeadChanges.DeleteAsync(session, locked.Rows, call.Now.UtcDateTime, entries, call.CancellationToken);
                await session.CommitAsync();
            }
            return ApiResults.Bare(BulkResult.Of(locked.Rows.Count, failures));
        });
}

public sealed record BulkDeleteLeadsRequest
{
    [Length(1, BulkLeads.Most)]
    public required Guid[] LeadIds { get; init; }
}
