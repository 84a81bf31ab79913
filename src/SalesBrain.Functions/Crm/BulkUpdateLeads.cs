using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Values;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Changes up to a hundred leads. For roles that work leads, in their scope; members and agency staff only their own.</summary>
public sealed class BulkUpdateLeads(RequestPipeline pipeline)
{
    [Function(nameof(BulkUpdateLeads))]
    [Operation("Leads", "Update several leads", Description = BulkLeads.About)]
    [Requires(Capability.WorkLeads)]
    [Returns(200, typeof(BulkResult), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/leads/bulk-update")] HttpRequest request) =>
        pipeline.RunAsync<BulkUpdateLeads, BulkUpdateLeadsRequest>(request, async (call, input) =>
        {
            await using var session = await call.WriteAsync();
            var locked = await LeadChanges.LockAsync(session, input.LeadIds, call.CancellationToken);
            var failures = BulkLeads.Missing(input.LeadIds, locked);
            var (after, entries) = (new List<LeadRow>(), new List<Data.Audit.AuditEntry>());
            foreach (var lead in locked.Rows)
            {
                var changed = input.Changes.ApplyTo(lead) with { UpdatedAt = call.Now.UtcDateTime };
                if (changed.Tags.Length > TagListAttribute.Most)
                {
                    failures.Add(
                        BulkFailure.Of(lead.Id, Problems.Invalid.Because($"The lead would have more than {TagListAttribute.Most} tags.")));
                    continue;
                }
                var changes = AuditedChanges.Between(lead, changed);
                if (!changes.AreEmpty)
                {
                    after.Add(changed);
                    entries.Add(call.AuditEntry("lead.updated", "lead", lead.Id, lead.OrganizationId, changes));
                }
            }
            if (after.Count > 0)
            {
                await LeadChanges.UpdateAsync(session, after, entries, call.CancellationToken);
                await session.CommitAsync();
            }
            return ApiResults.Bare(BulkResult.Of(input.LeadIds.Distinct().Count() - failures.Count, failures));
        });
}

public sealed record BulkUpdateLeadsRequest
{
    [Length(1, BulkLeads.Most)]
    public required Guid[] LeadIds { get; init; }

    /// <summary>The same for all leads. Only fields that are sent change.</summary>
    public required LeadBulkChanges Changes { get; init; }
}

/// <summary>Changes of several leads.</summary>
public sealed record LeadBulkChanges : IValidatableObject
{
    public LeadStatus? Status { get; init; }

    public LeadPriority? Priority { get; init; }

    /// <summary>Tags that the leads get in addition to those that they have.</summary>
    [TagList]
    public string[] TagsAdd { get; init; } = [];

    /// <summary>Tags that the leads lose. A tag that is also in tags_add stays.</summary>
    [TagList]
    public string[] TagsRemove { get; init; } = [];

    /// <summary>null clears it.</summary>
    [StringLength(200)]
    public Optional<string> PracticeArea { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Status is null && Priority is null && TagsAdd.Length == 0 && TagsRemove.Length == 0 && !PracticeArea.IsSet)
        {
            yield return new("must have at least one change", [nameof(Status)]);
        }
    }

    internal LeadRow ApplyTo(LeadRow lead) => lead with
    {
        Status = Status?.ToWireName() ?? lead.Status,
        Priority = Priority?.ToWireName() ?? lead.Priority,
        Tags = TagListAttribute.Stored(lead.Tags.Except(TagListAttribute.Stored(TagsRemove), StringComparer.Ordinal).Concat(TagsAdd)),
        PracticeArea = PracticeArea.TrimmedOr(lead.PracticeArea),
    };
}
