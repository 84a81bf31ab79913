using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Timers;
using SalesBrain.Functions.Webhooks.Endpoints;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Endpoints;

[Collection(ClockedApp.Collection)]
public sealed class CheckWebhookSilenceTests(ClockedApp app)
{
    [Fact]
    public async Task Owners_are_notified_once_of_silence_and_once_of_resumption()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        await app.CreateUserAsync("owner", organization, status: "disabled");
        await app.CreateUserAsync("admin", organization);
        var endpoint = await app.CreateEndpointAsync(organization, expectEvery: "2h", name: "Outreach");
        await app.CreateWebhookLogAsync(organization, endpointId: endpoint.Id);
        var silentSince = app.Now;

        app.Time.Advance(TimeSpan.FromMinutes(119));
        await CheckAsync();
        Assert.Empty(await NotificationsAsync(organization));

        app.Time.Advance(TimeSpan.FromMinutes(2));
        await CheckAsync();
        app.Time.Advance(TimeSpan.FromHours(1));
        await CheckAsync();
        var told = Assert.Single(await NotificationsAsync(organization));
        Assert.Equivalent(new { UserId = owner.Id, Type = "webhook.silent", LinkId = endpoint.Id }, told);
        Assert.Equal($"Outreach has received nothing since {silentSince:yyyy-MM-dd HH:mm} UTC; something is expected every 2h.", told.Body);
        Assert.Equal(silentSince, (await SilentSinceAsync(endpoint))!.Value, TimeSpan.FromMilliseconds(1));

        await app.CreateWebhookLogAsync(organization, endpointId: endpoint.Id);
        var resumed = app.Now;
        await CheckAsync();
        await CheckAsync();
        var notifications = await NotificationsAsync(organization);
        Assert.Equal(["webhook.silent", "webhook.resumed"], notifications.Select(notification => notification.Type));
        Assert.Equal(
            $"Outreach has received webhooks again since {resumed:yyyy-MM-dd HH:mm} UTC. It had received nothing since "
            + $"{silentSince:yyyy-MM-dd HH:mm} UTC.",
            notifications[1].Body);
        Assert.Null(await SilentSinceAsync(endpoint));
    }

    [Fact]
    public async Task Endpoint_that_never_received_is_silent_too()
    {
        var owner = await app.CreateUserAsync("owner");
        await app.CreateEndpointAsync(owner.OrganizationId!.Value, expectEvery: "1h");

        app.Time.Advance(TimeSpan.FromMinutes(61));
        await CheckAsync();

        Assert.Single(await NotificationsAsync(owner.OrganizationId!.Value));
    }

    [Fact]
    public async Task Refused_deliveries_are_mentioned()
    {
        var owner = await app.CreateUserAsync("owner");
        var endpoint = await app.CreateEndpointAsync(owner.OrganizationId!.Value, mode: "header", expectEvery: "1h");
        app.Time.Advance(TimeSpan.FromMinutes(61));
        foreach (var number in (int[])[1, 2])
        {
            using var refused = await app.DeliverAsync(endpoint with { Secret = "wrong" }, EndpointWorld.SomeEvent(number));
            Assert.False(refused.IsSuccessStatusCode);
        }

        await CheckAsync();

        Assert.EndsWith(
            " 2 deliveries were refused in this time: see the rejections.", (await NotificationsAsync(owner.OrganizationId!.Value))[0].Body,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_endpoints_events_do_not_count()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var quiet = await app.CreateEndpointAsync(organization, expectEvery: "1h", name: "Quiet");
        var busy = await app.CreateEndpointAsync(organization, expectEvery: "1h", name: "Busy");
        app.Time.Advance(TimeSpan.FromMinutes(61));
        await app.CreateWebhookLogAsync(organization, endpointId: busy.Id, eventSource: "custom");

        await CheckAsync();

        Assert.Equal(quiet.Id, Assert.Single(await NotificationsAsync(organization)).LinkId);
    }

    [Fact]
    public async Task Two_at_once_tell_once()
    {
        var owner = await app.CreateUserAsync("owner");
        var endpoints = new List<TestEndpoint>();
        for (var i = 0; i < 5; i++)
        {
            endpoints.Add(await app.CreateEndpointAsync(owner.OrganizationId!.Value, expectEvery: "1h"));
        }
        app.Time.Advance(TimeSpan.FromMinutes(61));
        // Past the runner, which lets a timer run once at a time in one process: these are two instances.
        var instances = Enumerable.Range(0, 8).Select(_ => new CheckWebhookSilence(
            app.Services.GetRequiredService<TimerRuns>(), app.Services.GetRequiredService<SalesBrainDatabase>(), app.Time,
            NullLogger<CheckWebhookSilence>.Instance));

        await Task.WhenAll(instances.Select(instance => instance.Run(new(), CancellationToken.None)));

        var notifications = await NotificationsAsync(owner.OrganizationId!.Value);
        Assert.Equal(endpoints.Select(endpoint => endpoint.Id).Order(), notifications.Select(notification => notification.LinkId).Order());
        Assert.All(notifications, notification => Assert.Equal(1, notification.Count));
    }

    [Theory]
    [InlineData("update app.webhook_endpoint set status = 'disabled' where id = @Id")]
    [InlineData("update app.webhook_endpoint set deleted_at = now() where id = @Id")]
    [InlineData("update app.webhook_endpoint set expect_every_seconds = null where id = @Id")]
    [InlineData("update app.organization set status = 'suspended' where id = @OrganizationId")]
    public async Task Inactive_endpoints_cause_no_notification(string change)
    {
        var owner = await app.CreateUserAsync("owner");
        var endpoint = await app.CreateEndpointAsync(owner.OrganizationId!.Value, expectEvery: "1h");
        await app.ExecuteAsync(change, endpoint);
        app.Time.Advance(TimeSpan.FromMinutes(61));

        await CheckAsync();

        Assert.Empty(await NotificationsAsync(owner.OrganizationId!.Value));
    }

    [Fact]
    public async Task Change_of_the_endpoint_starts_the_clock_anew()
    {
        var owner = await app.CreateUserAsync("owner");
        var endpoint = await app.CreateEndpointAsync(owner.OrganizationId!.Value, expectEvery: "1h");
        app.Time.Advance(TimeSpan.FromMinutes(50));
        await PutAsync(owner, endpoint, new { name = "Renamed" });
        app.Time.Advance(TimeSpan.FromMinutes(50));

        await CheckAsync();
        Assert.Empty(await NotificationsAsync(owner.OrganizationId!.Value));

        app.Time.Advance(TimeSpan.FromMinutes(11));
        await CheckAsync();
        Assert.Single(await NotificationsAsync(owner.OrganizationId!.Value));
    }

    [Fact]
    public async Task Change_of_a_silent_endpoint_is_not_taken_for_an_event()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var endpoint = await app.CreateEndpointAsync(organization, expectEvery: "1h");
        app.Time.Advance(TimeSpan.FromMinutes(61));
        await CheckAsync();

        await PutAsync(owner, endpoint, new { name = "Renamed" });
        await CheckAsync();
        Assert.Equal(["webhook.silent"], (await NotificationsAsync(organization)).Select(notification => notification.Type));
        Assert.NotNull(await SilentSinceAsync(endpoint));

        await PutAsync(owner, endpoint, new { expect_every = "2h" });
        Assert.Null(await SilentSinceAsync(endpoint));
        app.Time.Advance(TimeSpan.FromMinutes(121));
        await CheckAsync();
        Assert.Equal(
            ["webhook.silent", "webhook.silent"], (await NotificationsAsync(organization)).Select(notification => notification.Type));
    }

    private Task CheckAsync() =>
        app.Services.GetRequiredService<TimerRunner>().RunAsync(nameof(CheckWebhookSilence), CancellationToken.None);

    private async Task PutAsync(TestUser user, TestEndpoint endpoint, object body)
    {
        using var client = app.As(user);
        using var response = await client.PutAsync(endpoint.Path, System.Net.Http.Json.JsonContent.Create(body));
        await response.DataAsync();
    }

    private Task<IReadOnlyList<Notification>> NotificationsAsync(Guid organizationId) => app.QueryAsync<Notification>("""
        select user_id, type, title, body, link_id, count from app.notification where organization_id = @organizationId order by created_at, id
        """, new { organizationId });

    private Task<DateTime?> SilentSinceAsync(TestEndpoint endpoint) =>
        app.QuerySingleAsync<DateTime?>("select silent_since from app.webhook_endpoint where id = @Id", new { endpoint.Id });

    private sealed record Notification
    {
        public Guid UserId { get; init; }
        public string Type { get; init; } = "";
        public string Title { get; init; } = "";
        public string Body { get; init; } = "";
        public Guid LinkId { get; init; }
        public int Count { get; init; }
    }
}
