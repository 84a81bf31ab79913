using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Data.Webhooks.Rejections;

namespace SalesBrain.Functions.Webhooks.Rejections;

/// <summary>Lists rejected deliveries, newest first. For callers who can read webhooks.</summary>
public sealed class ListWebhookRejections(RequestPipeline pipeline)
{
    [Function(nameof(ListWebhookRejections))]
    [Operation("Webhook rejections", "List rejected deliveries", Description = "Newest first, without headers and bodies.")]
    [Requires(Capability.ReadWebhooks)]
    [Returns(200, typeof(WebhookRejectionPage))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/webhooks/rejections")] HttpRequest request) =>
        pipeline.RunAsync<ListWebhookRejections, ListWebhookRejectionsRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, out var start))
            {
                return PageCursors.Invalid;
            }
            var filter = new RejectionFilter
            {
                OrganizationId = input.OrganizationId,
                EndpointId = input.EndpointId,
                Causes = input.Cause,
                DateFrom = input.DateFrom,
                DateTo = input.DateTo,
                Readmitted = input.Readmitted,
            };
            var (rows, total) = await WebhookRejections.ListAsync(call.Read(), filter, start, call.CancellationToken);
            return ApiResults.Ok(new WebhookRejectionPage(input.ToPage(call.Cursors, rows, total)));
        });
}

public sealed record ListWebhookRejectionsRequest : AdminList
{
    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }
    public Guid? EndpointId { get; init; }

    /// <summary>Causes of rejection; repeatable.</summary>
    [Length(0, 20)]
    [AcceptsRejectionCauses]
    public string[] Cause { get; init; } = [];

    /// <summary>Rejected at or after this time (inclusive).</summary>
    public DateTime? DateFrom { get; init; }

    /// <summary>Rejected before this time (exclusive).</summary>
    public DateTime? DateTo { get; init; }

    /// <summary>True: only re-admitted deliveries. False: only the others.</summary>
    public bool? Readmitted { get; init; }

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var result in base.Validate(validationContext))
        {
            yield return result;
        }
        if (!Cause.All(RejectionCauses.All.Contains))
        {
            yield return new("must be one of " + string.Join(", ", RejectionCauses.All), [nameof(Cause)]);
        }
        if (DateTo < DateFrom)
        {
            yield return new("must not be before date_from", [nameof(DateTo)]);
        }
    }
}

public sealed class WebhookRejectionPage(Page<WebhookRejectionRow> page) : AdminPage(page)
{
    public IReadOnlyList<WebhookRejectionRow> Rejections { get; } = page.Rows;
}

/// <summary>The causes of rejections.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AcceptsRejectionCausesAttribute : AcceptsAttribute
{
    public AcceptsRejectionCausesAttribute() => Values = [.. RejectionCauses.All];
}
