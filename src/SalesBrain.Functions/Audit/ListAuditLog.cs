using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Audit;

namespace SalesBrain.Functions.Audit;

/// <summary>Lists who changed what, newest first, for owners and admins, and for platform operators over all organizations.</summary>
public sealed class ListAuditLog(RequestPipeline pipeline)
{
    [Function(nameof(ListAuditLog))]
    [Operation("Audit log", "List audit log entries", Description = "Newest first by default.")]
    [Requires(Capability.ReadAuditLog)]
    [Returns(200, typeof(Listing<AuditLogEntry>), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/audit-log")] HttpRequest request) =>
        pipeline.RunAsync<ListAuditLog, ListAuditLogRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, AuditLog.KeyOf(input.SortBy), out var start))
            {
                return PageCursors.Invalid;
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
            return ApiResults.Bare(input.ToPage(call.Cursors, rows, total));
        });
}

public sealed record ListAuditLogRequest : V1List<AuditSort>
{
    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>The user who performed the action.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>The complete name of the action, such as <c>user.created</c>.</summary>
    [StringLength(100)]
    public string? Action { get; init; }

    /// <summary>The kind of resource, such as <c>user</c>.</summary>
    [StringLength(100)]
    public string? Entity { get; init; }

    /// <summary>The id of the resource.</summary>
    public Guid? EntityId { get; init; }

    /// <summary>Performed at or after this time (inclusive).</summary>
    public DateTime? DateFrom { get; init; }

    /// <summary>Performed before this time (exclusive).</summary>
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
