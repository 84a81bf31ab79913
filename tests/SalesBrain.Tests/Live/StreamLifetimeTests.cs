using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Functions.Live;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Live;

/// <summary>How long streams live, and how many there are. The clock is the test's own.</summary>
public sealed class StreamLifetimeTests(StreamLifetimeTests.FewStreams app) : IClassFixture<StreamLifetimeTests.FewStreams>
{
    [Fact]
    public async Task Silent_stream_sends_comments_and_ends_before_the_platform_ends_it()
    {
        var user = await app.CreateUserAsync("member");
        using var client = app.As(user);
        using var stream = await EventStream.OpenAsync(client);

        var (comments, isOpen) = (0, true);
        var frame = stream.NextFrameAsync();
        var began = app.Time.GetUtcNow();
        double Age() => (app.Time.GetUtcNow() - began).TotalSeconds;
        while (isOpen)
        {
            if (Age() < 205)
            {
                await app.PassAsync(TimeSpan.FromSeconds(1), frame);
            }
            // From then on no time passes any more: the end may only have to reach the client.
            if (frame.IsCompleted || Age() >= 205)
            {
                isOpen = await frame is { } comment;
                Assert.Equal(isOpen ? new Frame(null, null, null, null) : null, await frame);
                comments += isOpen ? 1 : 0;
                frame = isOpen ? stream.NextFrameAsync() : frame;
            }
        }

        Assert.InRange(Age(), 199, 206);
        // Every 15 seconds, and a little later on a busy machine, because the time that a write takes counts in many steps here.
        Assert.InRange(comments, 10, 14);
    }

    [Theory]
    [InlineData("update app.refresh_token set revoked_at = now() where user_id = @Id")]
    [InlineData("update app.user set status = 'disabled' where id = @Id")]
    [InlineData("update app.user set role = 'read_only' where id = @Id")]
    [InlineData("update app.organization set status = 'suspended' where id = @OrganizationId")]
    public async Task Stream_ends_within_a_minute_of_its_session(string end)
    {
        var user = await app.CreateUserAsync("member");
        using var other = await EventStream.OpenAsync(app.As(await app.CreateUserAsync("member")));
        using var stream = await EventStream.OpenAsync(app.As(user));
        var ended = stream.NextAsync();

        await app.ExecuteAsync(end, user);
        var began = app.Time.GetUtcNow();
        while (!ended.IsCompleted && app.Time.GetUtcNow() - began < TimeSpan.FromSeconds(59))
        {
            await app.PassAsync(TimeSpan.FromSeconds(1), ended);
        }

        // No time passes any more: the end may only have to reach the client.
        Assert.Null(await ended);
        using var refused = await EventStream.AskAsync(app.As(user));
        await refused.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.NotEqual(0, app.Services.GetRequiredService<LiveFeed>().Count);
    }

    [Fact]
    public async Task Streams_of_a_user_and_of_an_instance_are_limited()
    {
        var (first, second) = (await app.CreateUserAsync("member"), await app.CreateUserAsync("member"));
        await Eventually.HoldsAsync(() => app.Services.GetRequiredService<LiveFeed>().Count == 0, "The streams have ended.");
        var streams = new List<EventStream>();
        for (var i = 0; i < LiveOptions.PerUser; i++)
        {
            streams.Add(await EventStream.OpenAsync(app.As(first)));
        }
        using var tooMany = await EventStream.AskAsync(app.As(first));
        for (var i = LiveOptions.PerUser; i < FewStreams.Streams; i++)
        {
            streams.Add(await EventStream.OpenAsync(app.As(second)));
        }
        using var full = await EventStream.AskAsync(app.As(second));
        using var poll = await app.As(second).GetAsync(EventStream.Events + "?wait=1");

        await tooMany.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_streams");
        Assert.Equal(10, tooMany.Headers.RetryAfter?.Delta?.TotalSeconds);
        await full.ProblemAsync(HttpStatusCode.ServiceUnavailable, "streams_full");
        Assert.Equal(5, full.Headers.RetryAfter?.Delta?.TotalSeconds);
        await poll.ProblemAsync(HttpStatusCode.ServiceUnavailable, "streams_full");

        streams.ForEach(stream => stream.Dispose());

        // A client that has gone makes room.
        await Eventually.HoldsAsync(() => app.Services.GetRequiredService<LiveFeed>().Count == 0, "The streams have ended.");
        using var again = await EventStream.OpenAsync(app.As(first));
    }

    [Fact]
    public async Task Client_that_never_reads_is_cut_off_and_holds_nobody_up()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var feed = app.Services.GetRequiredService<LiveFeed>();
        await Eventually.HoldsAsync(() => feed.Count == 0, "The streams have ended.");
        using var reader = await EventStream.OpenAsync(app.As(owner), "?channels=lead_change");
        using var deaf = await AskAsync(owner);
        var before = feed.Count;

        var told = 0;
        while (feed.Count == before)
        {
            Assert.True(told < 400_000, "The client was never cut off.");
            await app.ExecuteAsync("""
                insert into app.live_event (organization_id, channel, kind, entity, entity_id, data)
                select @organization, 'lead_change', 'updated', 'lead', gen_random_uuid(), jsonb_build_object('status', 'new', 'pad', repeat('x', 600))
                from generate_series(1, 4000)
                """, new { organization });
            for (var i = 0; i < 4000; i++)
            {
                var next = reader.NextAsync();
                while (!next.IsCompleted)
                {
                    await app.PassAsync(LiveFeed.Tick, next);
                }
                Assert.Equal("lead_change", (await next)?.Event);
            }
            told += 4000;
        }

        Assert.Equal(before - 1, feed.Count);
        Assert.Contains(app.Logs.Lines, line => line.Contains("the client read too slowly", StringComparison.Ordinal));
    }

    /// <summary>Opens a stream and reads no more than its beginning.</summary>
    private async Task<Socket> AskAsync(TestUser user)
    {
        var address = app.Http.BaseAddress!;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, address.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {EventStream.Events}?channels=lead_change HTTP/1.1\r\nHost: {address.Authority}\r\nAccept: "
            + $"text/event-stream\r\nAuthorization: Bearer {app.TokenOf(user)}\r\n\r\n"));
        var buffer = new byte[15];
        Assert.Equal(buffer.Length, await socket.ReceiveAsync(buffer));
        Assert.Equal("HTTP/1.1 200 OK", Encoding.ASCII.GetString(buffer));
        return socket;
    }

    public sealed class FewStreams : TestApp
    {
        internal const int Streams = 25;

        public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

        public override TimeProvider Clock => Time;

        public override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Live:StreamsPerInstance", $"{Streams}")];

        /// <summary>Lets time pass, and the app read once in it, so that the clock does not run ahead of a busy machine.</summary>
        internal async Task PassAsync(TimeSpan time, Task until)
        {
            var feed = Services.GetRequiredService<LiveFeed>();
            var before = feed.Readings;
            Time.Advance(time);
            // It does not read if it was about to wait when the time passed.
            for (var attempt = 0; attempt < 100 && feed.Readings == before && !until.IsCompleted; attempt++)
            {
                await Task.WhenAny(until, Task.Delay(5));
            }
        }
    }
}
