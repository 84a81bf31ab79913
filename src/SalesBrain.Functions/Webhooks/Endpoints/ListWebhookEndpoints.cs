using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Access;
using SalesBrain.Data.Webhooks.Endpoints;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>Lists endpoints without their secrets, newest first, for owners, admins and platform operators.</summary>
public sealed class ListWebhookEndpoints(RequestPipeline pipeline, IOptions<WebhookOptions> options)
{
    [Function(nameof(ListWebhookEndpoints))]
    [Operation("Webhook endpoints", "List webhook endpoints", Description = "Newest first, without tokens and secrets.")]
    [Requires(Capability.ReadWebhookEndpoints)]
    [Returns(200, typeof(WebhookEndpointPage))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/webhooks/endpoints")] HttpRequest request) =>
        pipeline.RunAsync<ListWebhookEndpoints, ListWebhookEndpointsRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, out var start))
            {
                return PageCursors.Invalid;
            }
            var filter = new WebhookEndpointFilter(input.OrganizationId, input.Source, input.Status);
            var (rows, total) = await WebhookEndpoints.ListAsync(call.Read(), filter, start, call.CancellationToken);
            var page = input.ToPage(call.Cursors, rows, total);
            return ApiResults.Ok(new WebhookEndpointPage(page)
            {
                Endpoints = [.. page.Rows.Select(row => WebhookEndpoint.Of(row, options.Value.PublicBaseUrl, call.Now.UtcDateTime))],
            });
        });
}

public sealed record ListWebhookEndpointsRequest : AdminList
{
    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    [ReceivingSource]
    public string? Source { get; init; }

    [AllowedValues("active", "disabled")]
    public string? Status { get; init; }
}

public sealed class WebhookEndpointPage(Page page) : AdminPage(page)
{
    public required IReadOnlyList<WebhookEndpoint> Endpoints { get; init; }
}
