using System.Diagnostics;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Whatsapp.Receiving;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Whatsapp.Receiving;

/// <summary>A backlog of one organization is its own problem.</summary>
public sealed class BacklogFairnessTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public Task Backlog_of_one_organization_does_not_delay_anothers_message() =>
        DelayAsync(backlog: 6000, within: TimeSpan.FromSeconds(10));

    [Fact]
    public Task Backlog_of_fifty_thousand_delays_anothers_message_by_at_most_a_second()
    {
        LargeRun.Only();
        return DelayAsync(backlog: 50_000, within: TimeSpan.FromSeconds(1));
    }

    /// <summary>Delivers to a quiet organization while a busy one has a backlog, again and again.</summary>
    private async Task DelayAsync(int backlog, TimeSpan within)
    {
        var (busy, quiet) = (await app.CreateWhatsappLineAsync(), await app.CreateWhatsappLineAsync());
        await CreateBacklogAsync(busy, backlog);
        var fired = app.Http.PostAsync("/admin/functions/ProcessPendingWebhooks", null);
        var delays = new List<TimeSpan>();
        var left = 0;

        for (var i = 0; i < 5; i++)
        {
            var peer = WhatsappDeliveries.NextId();
            var sent = Stopwatch.GetTimestamp();
            await app.DeliverWhatsappAsync(quiet.Messages(peer, WhatsappDeliveries.Text(peer, $"Message {i}")));
            while (await CountAsync("app.message", quiet) <= i)
            {
                Assert.True(Stopwatch.GetElapsedTime(sent) < TimeSpan.FromSeconds(30), "The message was not processed within 30 seconds.");
                await Task.Delay(10);
            }
            delays.Add(Stopwatch.GetElapsedTime(sent));
            // A fast machine may be through with it before the last message.
            left = i > 0 ? left : await app.QuerySingleAsync<int>(
                "select count(*)::int from app.webhook_log where organization_id = @OrganizationId and status = 'pending'", busy);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{string.Join(", ", delays.Select(delay => $"{delay.TotalMilliseconds:0} ms"))}; {left} of {backlog} left");
        Assert.True(left > 0, "There was no backlog when the first message was processed.");
        Assert.All(delays, delay => Assert.True(delay < within, $"{delay.TotalMilliseconds:0} ms"));
        await app.ExecuteAsync(
            "update app.webhook_log set status = 'ignored', due_at = null where organization_id = @OrganizationId and status = 'pending'",
            busy);
        (await fired).Dispose();
    }

    private Task<int> CountAsync(string table, WhatsappLine line) =>
        app.QuerySingleAsync<int>($"select count(*)::int from {table} where organization_id = @OrganizationId", line);

    /// <summary>What receiving has stored and processing has not taken.</summary>
    private async Task CreateBacklogAsync(WhatsappLine line, int count)
    {
        var (ids, createdAt) = WebhookLogIds.CreateMany(DateTimeOffset.UtcNow, count);
        await app.ExecuteAsync("""
            insert into app.webhook_payload (log_id, organization_id, created_at, content_type, body, is_private)
            select id, @OrganizationId, @createdAt, 'application/json', convert_to(json_build_object(
                'waba_id', @WabaId, 'metadata', json_build_object('phone_number_id', @PhoneNumberId),
                'message', json_build_object('from', '1555' || n % 500, 'id', 'wamid.' || id, 'timestamp', '1749416383', 'type', 'text',
                    'text', json_build_object('body', 'Hello')))::text, 'UTF8'), true
            from unnest(@ids) with ordinality as i (id, n);
            insert into app.webhook_log (
                id, organization_id, event_source, event_type, raw_event_type, status, due_at, occurred_at, created_at, last_delivered_at)
            select id, @OrganizationId, 'whatsapp', @type, 'whatsapp_message', 'pending', @createdAt, @createdAt, @createdAt, @createdAt
            from unnest(@ids) as i (id);
            """, new { line.OrganizationId, line.WabaId, line.PhoneNumberId, ids, createdAt, type = WhatsappEventTypes.Message });
    }
}
