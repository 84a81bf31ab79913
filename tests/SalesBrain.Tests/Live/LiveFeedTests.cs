using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SalesBrain.Core.Access;
using SalesBrain.Core.Live;
using SalesBrain.Functions.Http;
using SalesBrain.Functions.Live;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Live;

/// <summary>What listening costs the database.</summary>
[Collection(SerialApp.Collection)]
public sealed class LiveFeedTests(SerialApp app)
{
    [Fact]
    public async Task Any_number_of_streams_costs_one_statement_a_tick_and_none_when_they_are_gone()
    {
        var feed = app.Services.GetRequiredService<LiveFeed>();
        await UntilEmptyAsync(feed);
        var streams = new List<EventStream>();
        for (var i = 0; i < 5; i++)
        {
            var user = await app.CreateUserAsync("member");
            streams.AddRange(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => EventStream.OpenAsync(app.As(user)))));
        }
        Assert.Equal(streams.Count, feed.Count);

        var began = TimeProvider.System.GetTimestamp();
        var withStreams = await ReadingsAsync(TimeSpan.FromSeconds(2));
        var ticks = TimeProvider.System.GetElapsedTime(began) / LiveFeed.Tick;
        streams.ForEach(stream => stream.Dispose());
        await UntilEmptyAsync(feed);
        await Eventually.HoldsAsync(async () => await ReadingsAsync(TimeSpan.FromMilliseconds(500)) == 0, "Nothing is read any more.");

        // Counting takes time too, in which it goes on.
        Assert.InRange(withStreams, 1, (long)ticks + 1);
    }

    [Fact]
    public async Task Channels_that_tell_once_a_second_tell_no_more_and_end_with_what_is_true()
    {
        var owner = await app.CreateUserAsync("owner");
        var campaign = await app.CreateCampaignAsync(owner.OrganizationId!.Value);
        using var stream = await EventStream.OpenAsync(app.As(owner), "?channels=campaign_metrics_update");
        var began = TimeProvider.System.GetTimestamp();

        for (var i = 0; i < 40; i++)
        {
            await app.CreateLeadAsync(owner.OrganizationId.Value, campaignId: campaign);
        }
        var (told, leads) = (0, 0);
        while (leads < 40)
        {
            leads = (await stream.NextOnAsync("campaign_metrics_update")).GetProperty("data").GetProperty("leads_count").GetInt32();
            told++;
        }

        Assert.InRange(told, 1, 2 + (int)TimeProvider.System.GetElapsedTime(began).TotalSeconds);
    }

    [Fact]
    public async Task Client_that_waits_for_what_it_missed_is_not_cut_off_by_what_happens_meanwhile()
    {
        const int Meanwhile = LiveFeed.MaxBehind + 1000;
        var user = await app.CreateUserAsync("owner");
        var feed = app.Services.GetRequiredService<LiveFeed>();
        await Eventually.HoldsAsync(() => !feed.IsReading, "The feed rests.");
        var position = await app.QuerySingleAsync<long>("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint");
        await TellAsync(user, 1);
        using var reader = await OpenAsync(feed, user, null);
        using var waiting = await OpenAsync(feed, user, new(new(position, 0), new(position, 0), DateTimeOffset.UtcNow));

        await TellAsync(user, Meanwhile);

        Assert.Equal(Meanwhile, (await ReadAsync(reader, Meanwhile)).Count);
        var told = await ReadAsync(waiting, Meanwhile + 1);
        Assert.Equal(told.Order(), told);
        Assert.Equal(Meanwhile + 1, told.Distinct().Count());
        Assert.Empty(await waiting.NextAsync(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken));
    }

    private async Task<LiveListener> OpenAsync(LiveFeed feed, TestUser user, LiveCursor? cursor)
    {
        // Its session has the user's id.
        app.TokenOf(user);
        var caller = new Caller(user.Id, Role.Owner, user.OrganizationId, null, null, user.Id);
        var listener = feed.TryOpen(new(caller, new HashSet<LiveChannel> { LiveChannel.LeadChange }, null, null, null), out _)!;
        Assert.True(await listener.StartAsync(cursor, TestContext.Current.CancellationToken));
        return listener;
    }

    private Task<int> TellAsync(TestUser user, int events) => app.ExecuteAsync("""
        insert into app.live_event (organization_id, channel, kind, entity, entity_id)
        select @OrganizationId, 'lead_change', 'updated', 'lead', gen_random_uuid() from generate_series(1, @events)
        """, new { user.OrganizationId, events });

    /// <summary>The positions of so many events.</summary>
    private static async Task<List<LivePosition>> ReadAsync(LiveListener listener, int events)
    {
        var positions = new List<LivePosition>();
        while (positions.Count < events)
        {
            var next = await listener.NextAsync(Eventually.Limit, TestContext.Current.CancellationToken);
            Assert.NotEmpty(next);
            positions.AddRange(next.Select(told => told.Position));
        }
        return positions;
    }

    private static Task UntilEmptyAsync(LiveFeed feed) => Eventually.HoldsAsync(() => feed.Count == 0, "The streams have ended.");

    /// <summary>Statements that read events, in this database, while some time passes.</summary>
    private async Task<long> ReadingsAsync(TimeSpan time)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(TestCluster.Current.SuperuserConnectionString)
        {
            Database = new NpgsqlConnectionStringBuilder(app.Database.Owner).Database,
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync();
        await connection.ExecuteAsync("create extension if not exists pg_stat_statements");
        var before = await CountAsync(connection);
        await Task.Delay(time);
        return await CountAsync(connection) - before;
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection) =>
        (await StatementTexts.ReadAsync(connection))
            .Where(statement => statement.Query.Contains("from app.live_event", StringComparison.Ordinal))
            .Sum(statement => statement.Calls);
}
