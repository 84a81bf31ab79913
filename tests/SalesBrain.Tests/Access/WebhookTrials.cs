using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Rejections;

namespace SalesBrain.Tests.Access;

/// <summary>Calls about webhooks: endpoints, logs, rejections and statistics.</summary>
internal static class WebhookTrials
{
    private const string Webhooks = "/api/admin/webhooks";

    internal static Dictionary<string, Func<TestApp, Place, Task<Trial>>> All { get; } = new()
    {
        ["ListEventTypes"] = (_, _) => Task.FromResult(Trial.Get($"{Webhooks}/event-types")),
        ["ListEventSources"] = (_, _) => Task.FromResult(Trial.Get($"{Webhooks}/sources")),

        ["ListWebhookEndpoints"] = async (app, place) =>
            Trial.List($"{Webhooks}/endpoints?organization_id={place.OrganizationId}", await EndpointAsync(app, place)),
        ["CreateWebhookEndpoint"] = (_, place) => Task.FromResult(new Trial(HttpMethod.Post, $"{Webhooks}/endpoints", new
        {
            organization_id = place.OrganizationId,
            source = "custom",
            name = "Made by a role",
        })),
        ["GetWebhookEndpoint"] = async (app, place) => Trial.Get($"{Webhooks}/endpoints", await EndpointAsync(app, place)),
        ["UpdateWebhookEndpoint"] = async (app, place) =>
            Trial.About(HttpMethod.Put, $"{Webhooks}/endpoints", await EndpointAsync(app, place), body: new { name = "Renamed" }),
        ["DeleteWebhookEndpoint"] = async (app, place) =>
            Trial.About(HttpMethod.Delete, $"{Webhooks}/endpoints", await EndpointAsync(app, place)),
        ["RotateWebhookEndpoint"] = async (app, place) =>
            Trial.About(HttpMethod.Post, $"{Webhooks}/endpoints", await EndpointAsync(app, place), "/rotate", new { what = "token" }),
        ["TestWebhookEndpoint"] = async (app, place) =>
            Trial.About(HttpMethod.Post, $"{Webhooks}/endpoints", await EndpointAsync(app, place), "/test", new { }),

        ["ListWebhookLogs"] = async (app, place) =>
            Trial.List($"{Webhooks}/logs?organization_id={place.OrganizationId}", await app.CreateWebhookLogAsync(place.OrganizationId)),
        ["GetWebhookLog"] = async (app, place) => Trial.Get($"{Webhooks}/logs", await app.CreateWebhookLogAsync(place.OrganizationId)),
        ["ExportWebhookLogs"] = async (app, place) =>
            Trial.List(
                $"{Webhooks}/logs/export?organization_id={place.OrganizationId}", await app.CreateWebhookLogAsync(place.OrganizationId)),
        ["RetryWebhookLog"] = async (app, place) =>
            Trial.About(HttpMethod.Post, $"{Webhooks}/logs", await FailedLogAsync(app, place), "/retry"),
        ["BulkRetryWebhookLogs"] = async (app, place) =>
            new Trial(HttpMethod.Post, $"{Webhooks}/logs/bulk-retry", new { log_ids = new[] { await FailedLogAsync(app, place) } })
            {
                Reaches = answer => answer.Contains("\"success_count\":1", StringComparison.Ordinal),
            },
        ["CleanUpWebhookLogs"] = (_, _) => Task.FromResult(new Trial(HttpMethod.Delete, $"{Webhooks}/logs/cleanup?dry_run=true")),
        ["EnterWebhookLog"] = (_, place) => Task.FromResult(new Trial(HttpMethod.Post, $"{Webhooks}/logs", new
        {
            organization_id = place.OrganizationId,
            event_type = "email.opened",
            email = "somebody@example.org",
        })),
        ["GetWebhookStats"] = (_, _) => Task.FromResult(Trial.Get($"{Webhooks}/stats")),

        ["ListWebhookRejections"] = async (app, place) =>
            Trial.List($"{Webhooks}/rejections?organization_id={place.OrganizationId}", await RejectionAsync(app, place)),
        ["GetWebhookRejection"] = async (app, place) => Trial.Get($"{Webhooks}/rejections", await RejectionAsync(app, place)),
        ["ReadmitWebhookRejection"] = async (app, place) =>
            Trial.About(HttpMethod.Post, $"{Webhooks}/rejections", await RejectionAsync(app, place), "/readmit"),
    };

    private static async Task<Guid> EndpointAsync(TestApp app, Place place) => (await app.CreateEndpointAsync(place.OrganizationId)).Id;

    private static Task<Guid> FailedLogAsync(TestApp app, Place place) =>
        app.CreateWebhookLogAsync(place.OrganizationId, "failed", dueAt: DateTime.UtcNow.AddHours(1));

    private static async Task<Guid> RejectionAsync(TestApp app, Place place) =>
        await app.CreateRejectionAsync(await app.CreateEndpointAsync(place.OrganizationId));
}
