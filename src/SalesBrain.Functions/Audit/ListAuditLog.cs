using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Audit;

namespace SalesBrain.Functions.Audit;

/// <summary>Lists who changed what, newest first, for owners and admins, and for platform operators over all organizations.</summary>
public sealed class ListAuditLog(RequestPipeline pipeline)
{
    [Function(nameof(ListAuditLog))]
    [Operation("Audit log", "Who changed what, newest first")]
    [Requires(Capability.ReadAuditLog)]
    [Returns(200, typeof(Listing<AuditLogEntry>), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/audit-log")] HttpRequest request) =>
        pipeline.RunAsync<ListAuditLog, ListAuditLogRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(AuditLog.KeyOf(input.SortBy), out var start))
            {
                return PageCursor.Invalid;
            }
            var filter = new AuditFilter
            {
                OrganizationId = input.OrganizationId,
                ActorId = input.ActorId,
                Action = input.Action,
                Entity = input.Entity,
                EntityId = input.EntityId,
                DateFrom = input.DateFrom,
                DateTo = input.DateTo,
            };
            var (rows, total) = await AuditLog.ListAsync(call.Read(), filter, start, call.CancellationToken);
            return ApiResults.Bare(input.ToPage(rows, total));
        });
}

public sealed record ListAuditLogRequest : V1List<AuditSort>
{
    /// <summary>For platform operators: one organization instead of all.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Who did it.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>What was done, whole: <c>user.created</c>.</summary>
    [StringLength(100)]
    public string? Action { get; init; }

    /// <summary>What kind of thing it was done to: <c>user</c>.</summary>
    [StringLength(100)]
    public string? Entity { get; init; }

    /// <summary>Which one it was done to.</summary>
    public Guid? EntityId { get; init; }

    /// <summary>Done at or after this.</summary>
    public DateTime? DateFrom { get; init; }

    /// <summary>Done before this.</summary>
    public DateTime? DateTo { get; init; }

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var result in base.Validate(validationContext))
        {
            yield return result;
        }
        if (DateTo < DateFrom)
        {
            yield return new("must not be before date_from", [nameof(DateTo)]);
        }
    }
}
