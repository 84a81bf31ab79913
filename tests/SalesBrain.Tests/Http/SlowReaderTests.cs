using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.LocalHost.Development;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Http;

/// <summary>Clients that don't read what they asked for cost other organizations nothing, and are cut off.</summary>
public sealed class SlowReaderTests(SlowReaderTests.SmallApp app) : IClassFixture<SlowReaderTests.SmallApp>
{
    private const string Export = "/api/admin/webhooks/logs/export";
    private const string Logs = "/api/admin/webhooks/logs?";

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    public async Task Exports_that_nobody_reads_hold_no_connection_and_are_limited(string format)
    {
        var owner = await CreateOwnerOfManyLogsAsync();
        var (other, platform) = (await CreateOwnerOfManyLogsAsync(), await app.CreateUserAsync("sb_admin"));
        using var first = await AskAsync(owner, $"{Export}?format={format}");
        using var second = await AskAsync(owner, $"{Export}?format={format}");

        // The pool has one connection.
        Assert.Equal(HttpStatusCode.OK, (await app.As(other).GetAsync(Logs + "limit=5")).StatusCode);
        using var third = await app.As(owner).GetAsync(Export);
        await third.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_exports");
        Assert.Equal(10, third.Headers.RetryAfter?.Delta?.TotalSeconds);
        Assert.Null(third.Content.Headers.ContentDisposition);
        using (await AskAsync(other, Export))
        {
            // The instance has no more than these three.
            using var fourth = await app.As(platform).GetAsync(Export);
            await fourth.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_exports");
        }

        await CutOffAsync(2);

        await Eventually.HoldsAsync(
            async () => (await app.As(owner).GetAsync(Export)).StatusCode == HttpStatusCode.OK, "An export is answered.");
        Assert.False(await EndsAsync(first));
        Assert.False(await EndsAsync(second));
    }

    [Fact]
    public async Task Client_that_disconnects_ends_its_export()
    {
        var owner = await CreateOwnerOfManyLogsAsync();
        for (var i = 0; i < 4; i++)
        {
            using var asked = await AskAsync(owner, Export);
            asked.LingerState = new LingerOption(enable: true, seconds: 0);
            asked.Close();
            await Eventually.HoldsAsync(
                async () => (await app.As(owner).GetAsync(Export + "?status=dead")).StatusCode == HttpStatusCode.OK,
                "An export is answered.");
        }
    }

    [Fact]
    public async Task List_that_nobody_reads_holds_no_connection_and_is_cut_off()
    {
        var owner = await CreateOwnerOfManyLogsAsync();
        var others = app.As(await app.CreateUserAsync("owner"));
        var lists = new List<Socket>();
        for (var i = 0; i < 3; i++)
        {
            lists.Add(await AskAsync(owner, Logs + "limit=500"));
        }

        Assert.Equal(HttpStatusCode.OK, (await others.GetAsync(Logs + "limit=5")).StatusCode);

        lists.ForEach(list => list.Dispose());
    }

    /// <summary>Lets time pass until so many responses were cut off. They are not blocked before the buffers on the way are full.</summary>
    private async Task CutOffAsync(int responses)
    {
        int CutOff() => app.Logs.Lines.Count(line => line.Contains("the client read too slowly", StringComparison.Ordinal));
        var before = CutOff();
        await Eventually.HoldsAsync(
            () =>
            {
                app.Time.Advance(TimeSpan.FromSeconds(31));
                return CutOff() >= before + responses;
            },
            "The slow responses are cut off.");
    }

    /// <summary>Sends a request and reads no more than the beginning of the response.</summary>
    private async Task<Socket> AskAsync(TestUser user, string path)
    {
        var address = app.Http.BaseAddress!;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, address.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {app.TokenOf(user)}\r\n\r\n"));
        var buffer = new byte[15];
        Assert.Equal(buffer.Length, await socket.ReceiveAsync(buffer));
        Assert.Equal("HTTP/1.1 200 OK", Encoding.ASCII.GetString(buffer));
        return socket;
    }

    /// <summary>Whether the response comes to its regular end.</summary>
    private static async Task<bool> EndsAsync(Socket socket)
    {
        var (buffer, end) = (new byte[1 << 16], "");
        try
        {
            while (await socket.ReceiveAsync(buffer) is > 0 and var length)
            {
                end = (end + Encoding.ASCII.GetString(buffer, 0, length))[^5..];
                if (end == "0\r\n\r\n")
                {
                    return true;
                }
            }
        }
        catch (SocketException)
        {
            // Reset.
        }
        return false;
    }

    private async Task<TestUser> CreateOwnerOfManyLogsAsync()
    {
        var owner = await app.CreateUserAsync("owner");
        var rows = Enumerable.Range(0, 1500).Select(i => WebhookLogIds.Create(app.Time.Start.AddMilliseconds(-i))).ToArray();
        await app.ExecuteAsync("""
            insert into app.webhook_log (
                id, organization_id, event_source, event_type, status, error_message, occurred_at, created_at, processed_at, last_delivered_at)
            select r.id, @organization, 'instantly', 'email.sent', 'dead', repeat('x', 4000), r.at, r.at, r.at, r.at
            from unnest(@ids, @times) r (id, at)
            """, new { organization = owner.OrganizationId, ids = rows.Select(row => row.Id).ToArray(), times = rows.Select(row => row.CreatedAt).ToArray() });
        return owner;
    }

    /// <summary>One connection for tenants, for which a request waits ten seconds, and few exports.</summary>
    public sealed class SmallApp : TestApp
    {
        public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

        public override TimeProvider Clock => Time;

        public override IEnumerable<KeyValuePair<string, string?>> Settings =>
            [new("Responses:ExportsPerOrganization", "2"), new("Responses:ExportsPerInstance", "3")];

        protected override async Task<DatabaseConnections> CreateDatabaseAsync()
        {
            var connections = await base.CreateDatabaseAsync();
            return connections with
            {
                Tenant = new NpgsqlConnectionStringBuilder(connections.Tenant) { MaxPoolSize = 1, Timeout = 10 }.ConnectionString,
            };
        }
    }
}
