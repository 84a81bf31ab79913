using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>
/// Gives up to a hundred leads to a user. For roles that work leads, in their scope; members and agency staff only their own.
/// </summary>
public sealed class BulkAssignLeads(RequestPipeline pipeline)
{
    [Function(nameof(BulkAssignLeads))]
    [Operation("Leads", "Assign several leads to a user", Description =
        BulkLeads.About + " A lead that the user cannot take is assignee_unsuitable. The user is notified once for each campaign.")]
    [Requires(Capability.WorkLeads)]
    [Returns(200, typeof(BulkResult), Bare = true)]
    [Problems("assignee_disabled", "assignee_unsuitable")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/leads/bulk-assign")] HttpRequest request) =>
        pipeline.RunAsync<BulkAssignLeads, BulkAssignLeadsRequest>(request, async (call, input) =>
        {
            await using var session = await call.WriteAsync();
            var locked = await LeadChanges.LockAsync(session, input.LeadIds, call.CancellationToken);
            var (user, problem) = await LeadAssignment.FindAsync(session, input.UserId, input.Email, call.CancellationToken);
            if (problem is not null)
            {
                return problem;
            }
            var failures = BulkLeads.Missing(input.LeadIds, locked);
            failures.AddRange(locked.Rows.Select(lead => (lead.Id, Refusal: LeadAssignment.Refuse(user!, lead)))
                .Where(lead => lead.Refusal is not null)
                .Select(lead => BulkFailure.Of(lead.Id, lead.Refusal!)));
            var failed = failures.Select(failure => failure.Id).ToHashSet();
            var changed = locked.Rows.Where(lead => !failed.Contains(lead.Id) && lead.AssignedTo != user!.Id).ToList();
            if (changed.Count > 0)
            {
                var after = changed.ConvertAll(lead => lead with { AssignedTo = user!.Id, UpdatedAt = call.Now.UtcDateTime });
                var entries = changed.Zip(after, (before, now) =>
                    call.AuditEntry("lead.assigned", "lead", now.Id, now.OrganizationId, AuditedChanges.Between(before, now))).ToList();
                await LeadChanges.UpdateAsync(session, after, entries, call.CancellationToken);
                await LeadChanges.NotifyAssigneeAsync(
                    session, after, user!.Id, call.Caller.UserId, null, call.Now.UtcDateTime, call.CancellationToken);
                await session.CommitAsync();
            }
            return ApiResults.Bare(BulkResult.Of(input.LeadIds.Distinct().Count() - failures.Count, failures));
        });
}

public sealed record BulkAssignLeadsRequest : AssigneeInput
{
    [Length(1, BulkLeads.Most)]
    public required Guid[] LeadIds { get; init; }
}
