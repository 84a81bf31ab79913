using System.Net;
using Dapper;
using Npgsql;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Data.Webhooks.Receiving;
using SalesBrain.Functions.Webhooks.Receiving;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Receiving;

/// <summary>One organization's flood is its own problem.</summary>
[Collection(SerialApp.Collection)]
public sealed class FairnessTests(SerialApp app)
{
    private const int EventsOfArray = 300;

    [Fact]
    public async Task Single_delivery_does_not_wait_for_another_organizations_arrays()
    {
        var busy = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");
        var quiet = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");
        // Nothing is stored while this lock is held, so the flood waits when the single delivery comes.
        await using var connection = new NpgsqlConnection(app.Database.Owner);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("lock table app.webhook_log in share mode");

        var flood = Enumerable.Range(0, 12).Select(n => app.DeliverAsync(busy, ArrayOf(n))).ToList();
        await UntilStoringAsync(1);
        var single = app.DeliverAsync(quiet, """{"event_type": "tool.pinged", "timestamp": 1750000000}""");
        await UntilStoringAsync(2);
        await transaction.CommitAsync();
        var id = (await single).GetProperty("id").GetGuid();
        await Task.WhenAll(flood);

        // An array is one transaction, and no event of this type is written again.
        Assert.InRange(
            await app.QuerySingleAsync<int>("""
                select count(distinct l.xmin::text)
                from app.webhook_log l
                where l.organization_id = @OrganizationId and l.xmin::text::bigint < (select s.xmin::text::bigint from app.webhook_log s where s.id = @id)
                """, new { busy.OrganizationId, id }),
            0,
            6);
        Assert.Equal(
            12 * EventsOfArray,
            await app.QuerySingleAsync<int>("select count(*) from app.webhook_log where organization_id = @OrganizationId", busy));

        Task UntilStoringAsync(int statements) => Eventually.HoldsAsync(
            async () => statements <= await app.QuerySingleAsync<int>("""
                select count(*)
                from pg_locks l join pg_database d on d.oid = l.database
                where d.datname = current_database() and l.relation = 'app.webhook_log'::regclass and not l.granted
                """),
            $"{statements} statements wait to store events.");
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
        await Eventually.HoldsAsync(() => reads == 1, "1 bodies are read.");
        var later = Enumerable.Range(0, 20).Select(_ => shared.ReadAsync("a")).ToList();
        running.Dequeue().SetResult();
        await Eventually.HoldsAsync(() => reads == 2, "2 bodies are read.");
        var last = shared.ReadAsync("a");
        running.Dequeue().SetResult();
        await Task.WhenAll(later);
        await Eventually.HoldsAsync(() => reads == 3, "3 bodies are read.");
        running.Dequeue().SetResult();
        await last;

        Assert.Equal(3, reads);
        var again = shared.ReadAsync("a");
        await Eventually.HoldsAsync(() => reads == 4, "4 bodies are read.");
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
            new ReceivedDelivery { Id = deliveryId, OrganizationId = organization, Events = events, Headers = "{}" },
            CancellationToken.None);

        Assert.Equal(events.Skip(1).Select(received => received.Id).Order(), (await app.QueryAsync<Guid>(
            "select id from app.webhook_log where organization_id = @organization and id_reused", new { organization })).Order());
    }

    private static string ArrayOf(int number) => $"[{string.Join(',', Enumerable.Range(0, EventsOfArray).Select(i =>
        $$"""{"event_type": "tool.pinged", "timestamp": {{1_750_000_000 + i}}, "email": "lead{{number}}@example.org"}"""))}]";
}
