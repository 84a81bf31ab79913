using System.Net;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Data.Webhooks.Receiving;
using SalesBrain.Functions.Webhooks.Receiving;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Receiving;

/// <summary>One organization's flood is its own problem.</summary>
public sealed class FairnessTests(TestApp app) : IClassFixture<TestApp>
{
    private const int EventsOfArray = 300;

    [Fact]
    public async Task Single_delivery_does_not_wait_for_another_organizations_arrays()
    {
        var busy = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");
        var quiet = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");
        await app.DeliverAsync(quiet, EndpointWorld.SomeEvent(0));
        await app.DeliverAsync(busy, EndpointWorld.SomeEvent(0));
        var stored = 0;

        var flood = Task.WhenAll(Enumerable.Range(0, 12).Select(async n =>
        {
            await app.DeliverAsync(busy, ArrayOf(n));
            Interlocked.Increment(ref stored);
        }));
        // The flood is under way, and most of it waits.
        while (Volatile.Read(ref stored) == 0)
        {
            await Task.Delay(5);
        }
        await app.DeliverAsync(quiet, EndpointWorld.SomeEvent(1));
        var before = Volatile.Read(ref stored);
        await flood;

        Assert.InRange(before, 1, 6);
        Assert.Equal((12 * EventsOfArray) + 1, await app.QuerySingleAsync<int>("select count(*) from app.webhook_log where organization_id = @OrganizationId", busy));
    }

    [Fact]
    public async Task Array_of_more_than_a_thousand_events_is_413()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");

        using var response = await app.Http.PostTextAsync(endpoint.Path, $"[{string.Join(',', Enumerable.Repeat("{}", 1001))}]");

        var problem = await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
        Assert.Equal("The array has 1001 elements; the limit is 1000.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Large_bodies_are_read_in_turns_and_small_ones_at_once()
    {
        var (busy, quiet) = (Guid.NewGuid(), Guid.NewGuid());
        var turns = new LargeBodyTurns();
        var running = new List<IDisposable?>();
        for (var i = 0; i < Math.Max(1, Environment.ProcessorCount - 1); i++)
        {
            running.Add(await turns.EnterAsync(busy, 1 << 20, CancellationToken.None));
        }

        var waiting = Enumerable.Range(0, 64).Select(_ => turns.EnterAsync(busy, 1 << 20, CancellationToken.None).AsTask()).ToList();
        var other = turns.EnterAsync(quiet, 1 << 20, CancellationToken.None).AsTask();

        // Small bodies need no turn; one organization cannot have more than 64 MiB waiting.
        Assert.NotNull(await turns.EnterAsync(busy, 1000, CancellationToken.None));
        Assert.Null(await turns.EnterAsync(busy, 1 << 20, CancellationToken.None));
        // The busy organization's next, then the quiet one's.
        for (var i = 0; i < 5 && !other.IsCompleted; i++)
        {
            running[^1]!.Dispose();
            running.Add(await await Task.WhenAny([.. waiting, other]));
            waiting.RemoveAll(task => task.IsCompleted);
        }
        Assert.True(other.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Waiting_for_a_turn_ends_with_the_request()
    {
        var turns = new LargeBodyTurns();
        var running = new List<IDisposable?>();
        for (var i = 0; i < Math.Max(1, Environment.ProcessorCount - 1); i++)
        {
            running.Add(await turns.EnterAsync(Guid.NewGuid(), 1 << 20, CancellationToken.None));
        }
        using var cancelled = new CancellationTokenSource();
        var waiting = turns.EnterAsync(Guid.NewGuid(), 1 << 20, cancelled.Token).AsTask();

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        running[0]!.Dispose();
        using var next = await turns.EnterAsync(Guid.NewGuid(), 1 << 20, CancellationToken.None);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task Reads_at_once_are_shared_and_none_is_older_than_its_caller()
    {
        var (reads, running) = (0, new Queue<TaskCompletionSource>());
        var shared = new SharedReads<string, int>(async _ =>
        {
            var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (running)
            {
                running.Enqueue(release);
                reads++;
            }
            await release.Task;
            return reads;
        });

        var first = shared.ReadAsync("a");
        await UntilAsync(() => reads == 1);
        var later = Enumerable.Range(0, 20).Select(_ => shared.ReadAsync("a")).ToList();
        running.Dequeue().SetResult();
        await UntilAsync(() => reads == 2);
        var last = shared.ReadAsync("a");
        running.Dequeue().SetResult();
        await Task.WhenAll(later);
        await UntilAsync(() => reads == 3);
        running.Dequeue().SetResult();
        await last;

        Assert.Equal(3, reads);
        var again = shared.ReadAsync("a");
        await UntilAsync(() => reads == 4);
        running.Dequeue().SetResult();
        await again;
        await first;
    }

    [Fact]
    public async Task Id_of_an_event_is_reused_by_another_event_of_the_same_delivery()
    {
        var organization = await app.CreateOrganizationAsync();
        var endpoint = await app.CreateTokenEndpointAsync(organization, "custom");
        var groupCommit = (WebhookGroupCommit)app.Services.GetService(typeof(WebhookGroupCommit))!;
        var (deliveryId, now) = WebhookLogIds.Create(DateTimeOffset.UtcNow);
        var events = Enumerable.Range(0, 3).Select(i => new ReceivedWebhook
        {
            Id = WebhookLogIds.Create(new DateTimeOffset(now)).Id,
            OrganizationId = organization,
            EndpointId = endpoint.Id,
            EndpointVersion = 1,
            EventSource = "custom",
            EventType = "tool.pinged",
            Status = "ignored",
            OccurredAt = now,
            CreatedAt = now,
            DedupeKey = [.. Guid.NewGuid().ToByteArray(), .. Guid.NewGuid().ToByteArray()],
            KeyExpiresAt = now.AddDays(35),
            EventIdKey = [.. organization.ToByteArray(), .. new byte[16]],
            DeliveryId = deliveryId,
            Body = "{}"u8.ToArray(),
        }).ToList();

        await groupCommit.StoreAsync(
            new ReceivedDelivery { Id = deliveryId, OrganizationId = organization, Events = events, Headers = "{}" }, CancellationToken.None);

        Assert.Equal(events.Skip(1).Select(received => received.Id).Order(), (await app.QueryAsync<Guid>(
            "select id from app.webhook_log where organization_id = @organization and id_reused", new { organization })).Order());
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var attempt = 0; attempt < 1000 && !isSo(); attempt++)
        {
            await Task.Delay(5);
        }
        Assert.True(isSo());
    }

    private static string ArrayOf(int number) => $"[{string.Join(',', Enumerable.Range(0, EventsOfArray).Select(i =>
        $$"""{"event_type": "tool.pinged", "timestamp": {{1_750_000_000 + i}}, "email": "lead{{number}}@example.org"}"""))}]";
}
