using System.Collections.Concurrent;
using System.Net;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Whatsapp.Receiving;

/// <summary>Messages are received while processes are killed. Meta delivers again what was not answered.</summary>
public sealed class KilledReceiverTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public Task Messages_are_stored_once_and_in_order_although_a_process_is_killed() => ReceiveAsync(messages: 200, people: 10, kills: 1);

    [Fact]
    public Task Two_thousand_messages_are_stored_once_and_in_order_although_processes_are_killed()
    {
        LargeRun.Only();
        return ReceiveAsync(messages: 2000, people: 50, kills: 4);
    }

    private async Task ReceiveAsync(int messages, int people, int kills)
    {
        var line = await app.CreateWhatsappLineAsync();
        var peers = Enumerable.Range(0, people).Select(_ => WhatsappDeliveries.NextId()).ToList();
        var begin = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()).AddHours(-1);
        // A person's messages have the vendor's times in their order, two of each second in one delivery.
        var deliveries = new ConcurrentQueue<string>(Enumerable.Range(0, messages / 2).OrderBy(i => i / people * people + (i * 7 % people)).Select(i =>
        {
            var (peer, at) = (peers[i % people], begin.AddSeconds(i / people));
            return WhatsappDeliveries.Delivery(line.Messages(
                peer, WhatsappDeliveries.Text(peer, $"{i / people * 2:d4}", at),
                WhatsappDeliveries.Text(peer, $"{(i / people * 2) + 1:d4}", at)));
        }));
        var (total, answered, repeated) = (deliveries.Count, 0, 0);
        var killAt = Enumerable.Range(1, kills).Select(n => total * n / (kills + 1)).ToList();
        var host = await HostProcess.StartAsync(app.Database, app.AllSettings);
        try
        {
            foreach (var limit in killAt.Append(total))
            {
                var http = host.Http;
                var senders = Enumerable.Range(0, 16).Select(_ => SendAsync(http, limit)).ToList();
                if (limit < total)
                {
                    while (Volatile.Read(ref answered) < limit)
                    {
                        await Task.Delay(5);
                    }
                    await host.KillAsync();
                    await Task.WhenAll(senders);
                    await host.DisposeAsync();
                    host = await HostProcess.StartAsync(app.Database, app.AllSettings);
                }
                else
                {
                    await Task.WhenAll(senders);
                }
            }
        }
        finally
        {
            await host.DisposeAsync();
        }
        using var fired = await app.Http.PostAsync("/admin/functions/ProcessPendingWebhooks", null);
        await app.UntilProcessedAsync(line.OrganizationId);

        var stored = await app.QueryAsync<(string Peer, string Texts, int Unread)>("""
            select c.peer_id, string_agg(m.text, ',' order by m.occurred_at, m.id), c.unread_count
            from app.conversation c join app.message m on m.organization_id = c.organization_id and m.conversation_id = c.id
            where c.organization_id = @OrganizationId group by c.id
            """, line);
        var expected = string.Join(',', Enumerable.Range(0, messages / people).Select(i => $"{i:d4}"));
        Assert.Equal(people, stored.Count);
        Assert.All(stored, conversation => Assert.Equal((expected, messages / people), (conversation.Texts, conversation.Unread)));
        Assert.Equal(
            [("processed", messages)],
            await app.QueryAsync<(string, int)>(
                "select status, count(*)::int from app.webhook_log where organization_id = @OrganizationId group by 1", line));
        TestContext.Current.TestOutputHelper?.WriteLine($"{repeated} deliveries were sent again");

        async Task SendAsync(HttpClient http, int limit)
        {
            while ((limit == total || Volatile.Read(ref answered) < total) && deliveries.TryDequeue(out var delivery))
            {
                try
                {
                    using var response = await http.PostWhatsappAsync(delivery);
                    Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                    Interlocked.Increment(ref answered);
                }
                catch (HttpRequestException)
                {
                    // Killed: as Meta does, send it again later.
                    Interlocked.Increment(ref repeated);
                    deliveries.Enqueue(delivery);
                    return;
                }
            }
        }
    }
}
