using SalesBrain.Tests.App;
using SalesBrain.Tests.Conformance.Worker;
using SalesBrain.Tests.Telemetry;

namespace SalesBrain.Tests.Conformance;

/// <summary>What the published worker exports behind a Functions host, over gRPC, the exporter's default.</summary>
[Collection(ConformanceWorld.Shared)]
public sealed class WorkerTelemetryTests(ConformanceWorld world)
{
    private const string HostTrace = "0af7651916cd43dd8448eb211c80319c";
    private const string HostSpan = "b7ad6b7169203331";

    [Fact]
    public async Task Webhook_and_timer_are_traced_and_measured_below_the_host_s_spans_and_show_no_token()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var worker = await WorkerHost.StartAsync(world.Settings().Concat(collector.Settings("grpc")).ToDictionary());
        using var http = new HttpClient { BaseAddress = worker.Address };
        var endpoint = await world.App.CreateEndpointAsync(await world.App.CreateOrganizationAsync());
        using var delivery = new HttpRequestMessage(HttpMethod.Post, $"/api/webhooks/custom/{endpoint.Token}")
        {
            Content = new StringContent("""{"event_type": "email.replied", "email": "worker.trace@prospect.example", "campaign_id": "c-1", "reply_text": "private words"}"""),
        };
        delivery.Headers.Add("traceparent", $"00-{HostTrace}-{HostSpan}-01");
        using var response = await http.SendAsync(delivery, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {Uri.UnescapeDataString(string.Join(' ', response.Headers.TryGetValues(HttpInvocation.FailureHeader, out var failures) ? failures : []))} "
            + await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Null(await worker.Timers.FireAsync(
            worker.Functions.Single(function => function.Name == "FoldTallies"), TestContext.Current.CancellationToken));

        var notify = await collector.UntilAsync(received => received.Spans.Find(span => span.Name == "notify users"), "the notification");
        var trace = collector.Spans.Where(span => span.TraceId == HostTrace).ToDictionary(span => span.Id);
        var names = new List<string>();
        for (var span = notify; span is not null; span = trace.GetValueOrDefault(span.ParentId))
        {
            names.Insert(0, span.Name);
        }
        Assert.Equal(["function ReceiveWebhook", "commit webhook", "process webhook", "notify users"], names);
        var function = Assert.Single(trace.Values, span => span.Name == "function ReceiveWebhook");
        Assert.Equal((HostSpan, endpoint.OrganizationId.ToString()), (function.ParentId, function["salesbrain.organization.id"]));
        Assert.Contains(trace.Values, span => span.Name == "verify webhook" && span.ParentId == function.Id);

        var timer = await collector.UntilAsync(received => received.Spans.Find(span => span.Name == "timer FoldTallies"), "the timer");
        Assert.Contains(collector.Spans, span => span.Name == "function FoldTallies" && span.Id == timer.ParentId);
        await collector.UntilAsync(
            received => received.Metrics.Find(metric => metric.Name == "salesbrain.timers.last_success"), "the timer's metric");
        await collector.UntilAsync(
            received => received.Metrics.Find(metric => metric.Name == "salesbrain.webhooks.processed"), "the webhook's metric");
        Assert.Equal("SalesBrain.FunctionApp", notify.Service);
        Assert.DoesNotContain(
            (string[])[endpoint.Token, "worker.trace@prospect.example", "private words"], secret => collector.Contains(secret));
    }
}
