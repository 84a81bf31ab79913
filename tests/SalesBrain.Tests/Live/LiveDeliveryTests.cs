using System.Net.Http.Headers;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SalesBrain.Core.Access;
using SalesBrain.Core.Live;
using SalesBrain.Functions.Live;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Live;

/// <summary>
/// Clients on two hosts that are killed, whose connections are cut, while parallel transactions commit and roll back: in the end each
/// client has exactly the events that it may see, in order, once.
/// </summary>
public sealed class LiveDeliveryTests(LiveDeliveryTests.OwnApp app) : IClassFixture<LiveDeliveryTests.OwnApp>
{
    private const string Channels = "channels=lead_change,new_notification,assignment_change";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public Task Few_clients_of_two_hosts_get_what_they_may_see_in_order_once() => RunAsync(streams: 24, changes: 1500, kills: 1);

    [Fact]
    public Task Two_hundred_clients_of_two_hosts_get_what_they_may_see_in_order_once()
    {
        LargeRun.Only();
        return RunAsync(streams: 200, changes: 20_000, kills: 4);
    }

    private async Task RunAsync(int streams, int changes, int kills)
    {
        var random = new Random(20260131);
        var places = new List<Place> { await Place.CreateAsync(app), await Place.CreateAsync(app), await Place.CreateAsync(app) };
        using var hosts = new Hosts(app);
        await hosts.StartAsync();
        var users = places.SelectMany(place => place.Users).ToList();
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, streams)
            .Select(i => new Client(app, hosts, users[i % users.Count], new Random(i), Math.Max(400, changes / 20))).ToList();
        await Task.WhenAll(clients.Select(client => client.StartAsync()));
        var running = clients.Select(client => client.RunAsync(stop.Token)).ToList();

        var writing = WriteAsync(places, changes, random.Next());
        for (var i = 0; i < kills; i++)
        {
            await Task.Delay(random.Next(200, 1500), TestContext.Current.CancellationToken);
            await hosts.ReplaceAsync(i % 2);
        }
        await writing;

        var told = await app.QueryAsync<LiveChange>("""
            select xid::text::bigint as xid, number, organization_id, agency_id, client_id, user_id, audience, channel
            from app.live_event where organization_id = any (@places) order by xid, number
            """, new { places = places.Select(place => place.OrganizationId).ToArray() });
        Assert.True(told.Count >= changes, $"Only {told.Count} changes were told.");
        var began = TimeProvider.System.GetTimestamp();
        foreach (var client in clients)
        {
            var expected = told.Where(client.MaySee).Select(change => change.Position).ToList();
            while (client.Count < expected.Count && !running.Exists(task => task.IsFaulted)
                && TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
            await Task.WhenAll(running.Where(task => task.IsFaulted));
            Assert.NotEmpty(expected);
            Assert.Equal(expected, client.Received);
        }
        await stop.CancelAsync();
        await Task.WhenAll(running);
        // What is told is less than everything, and the clients were cut off.
        Assert.All(clients, client => Assert.InRange(client.Count, 1, told.Count - 1));
        Assert.True(
            clients.Sum(client => client.Connections) > streams * 3 / 2, $"{clients.Sum(client => client.Connections)} connections");
    }

    /// <summary>Parallel transactions of different lengths; some are rolled back.</summary>
    private async Task WriteAsync(List<Place> places, int changes, int seed)
    {
        var left = changes;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            var random = new Random(seed + writer);
            await using var connection = new NpgsqlConnection(app.Database.Owner);
            await connection.OpenAsync();
            while (Volatile.Read(ref left) > 0)
            {
                var (place, rows, commits) = (places[random.Next(places.Count)], random.Next(1, 40), random.Next(10) > 0);
                await using var transaction = await connection.BeginTransactionAsync();
                var told = await connection.ExecuteAsync(place.Statements[random.Next(place.Statements.Count)], new
                {
                    place.OrganizationId,
                    rows,
                    place.Agencies,
                    place.Clients,
                    users = place.Users.Select(user => user.Id).ToArray(),
                    key = Guid.NewGuid().ToString(),
                }, transaction);
                if (random.Next(4) == 0)
                {
                    // Others that begin later commit earlier.
                    await Task.Delay(random.Next(60));
                }
                if (commits)
                {
                    await transaction.CommitAsync();
                    Interlocked.Add(ref left, -told);
                }
            }
        }));
    }

    public sealed class OwnApp : TestApp;

    /// <summary>An organization with two agencies, three clients, users of every level and leads.</summary>
    private sealed record Place(Guid OrganizationId, Guid[] Agencies, Guid[] Clients, IReadOnlyList<TestUser> Users)
    {
        internal IReadOnlyList<string> Statements { get; } =
        [
            """
            with contacts as (
                insert into app.contact (organization_id, email, email_norm)
                select @OrganizationId, e, e from generate_series(1, @rows) n cross join lateral (select n || '@' || @key as e) m
                returning id, organization_id)
            insert into app.lead (organization_id, contact_id, agency_id, client_id)
            select c.organization_id, c.id, case n % 4 when 0 then null when 3 then @Agencies[2] else @Agencies[1] end,
                case n % 4 when 1 then @Clients[1 + (n / 4 % 2)::int] end
            from (select *, row_number() over () as n from contacts) c
            """,
            """
            update app.lead l set status = 'contacted', updated_at = now()
            where l.id in (select id from app.lead where organization_id = @OrganizationId order by random() limit @rows for update skip locked)
            """,
            """
            insert into app.notification (organization_id, user_id, type, title, body, burst_key, burst_at)
            select @OrganizationId, @users[1 + n % cardinality(@users)], 'email.replied', 'Title', 'Body', @key || n, now() from generate_series(1, @rows) n
            """,
            """
            with contacts as (
                insert into app.contact (organization_id, email, email_norm)
                select @OrganizationId, e, e from generate_series(1, @rows) n cross join lateral (select n || '@' || @key as e) m
                returning id, organization_id)
            insert into app.user_contact_assignment (organization_id, user_id, contact_id)
            select c.organization_id, @users[1 + n % cardinality(@users)], c.id from (select *, row_number() over () as n from contacts) c
            """,
        ];

        internal static async Task<Place> CreateAsync(TestApp app)
        {
            var organization = await app.CreateOrganizationAsync();
            Guid[] agencies = [await app.CreateAgencyAsync(organization), await app.CreateAgencyAsync(organization)];
            Guid[] clients =
                [await app.CreateClientAsync(organization, agencies[0]), await app.CreateClientAsync(organization, agencies[0])];
            List<TestUser> users =
            [
                await app.CreateUserAsync("owner", organization), await app.CreateUserAsync("read_only", organization),
                await app.CreateUserAsync("agency_admin", organization, agencies[0]),
                await app.CreateUserAsync("agency_staff", organization, agencies[1]),
                await app.CreateUserAsync("client_user", organization, clientId: clients[0]),
                await app.CreateUserAsync("client_admin", organization, clientId: clients[1]),
            ];
            return new(organization, agencies, clients, users);
        }
    }

    /// <summary>Two hosts, of which each may be killed and replaced at any time.</summary>
    private sealed class Hosts(TestApp app) : IDisposable
    {
        private readonly HostProcess?[] _hosts = new HostProcess?[2];

        internal async Task StartAsync()
        {
            await Task.WhenAll(StartAsync(0), StartAsync(1));
        }

        internal async Task ReplaceAsync(int number)
        {
            await _hosts[number]!.DisposeAsync();
            await StartAsync(number);
        }

        internal Uri Pick(Random random) => _hosts[random.Next(2)]!.Http.BaseAddress!;

        public void Dispose()
        {
            foreach (var host in _hosts)
            {
                host?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
        }

        private async Task StartAsync(int number) => _hosts[number] = await HostProcess.StartAsync(app.Database, app.AllSettings);
    }

    /// <summary>A program that keeps a stream open, at either host, and continues from its last event.</summary>
    private sealed class Client(TestApp app, Hosts hosts, TestUser user, Random random, int longest)
    {
        private readonly List<LivePosition> _received = [];
        private readonly LiveCursorCodes _codes = app.Services.GetRequiredService<LiveCursorCodes>();
        private readonly string _token = app.TokenOf(user);
        private string _cursor = "";

        internal int Connections { get; private set; }

        internal int Count
        {
            get
            {
                lock (_received)
                {
                    return _received.Count;
                }
            }
        }

        internal List<LivePosition> Received
        {
            get
            {
                lock (_received)
                {
                    return [.. _received];
                }
            }
        }

        internal bool MaySee(LiveChange change)
        {
            Assert.True(Roles.TryParse(user.Role, out var role));
            return LiveChannels.Of(change) is { } channel && !channel.IsCoalesced()
                && LiveAudience.Sees(new(role, user.OrganizationId, user.AgencyId, user.ClientId), user.Id, change);
        }

        internal async Task StartAsync()
        {
            using var client = Open();
            _cursor = (await client.GetDataAsync($"{EventStream.Events}?wait=0&{Channels}")).GetProperty("next_after").GetString()!;
        }

        internal async Task RunAsync(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    using var http = Open();
                    using var stream = await EventStream.TryOpenAsync(http, $"?{Channels}", _cursor);
                    if (stream is null)
                    {
                        // A user has 20 streams on a host, and a host that has just lost clients may not know it yet.
                        await Task.Delay(random.Next(50, 200), CancellationToken.None);
                        continue;
                    }
                    Connections++;
                    var cut = random.Next(1, longest);
                    for (var i = 0; i < cut && !stop.IsCancellationRequested; i++)
                    {
                        if (await stream.NextAsync(2) is not { } frame)
                        {
                            break;
                        }
                        Assert.NotEqual("resync", frame.Event);
                        Assert.True(_codes.TryRead(frame.Id!, out var cursor));
                        _cursor = frame.Id!;
                        lock (_received)
                        {
                            _received.Add(cursor.Each);
                        }
                    }
                }
                catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
                {
                    // The host was killed, or nothing happened for a while.
                    await Task.Delay(20, CancellationToken.None);
                }
            }
        }

        private HttpClient Open()
        {
            var client = new HttpClient { BaseAddress = hosts.Pick(random) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _token);
            return client;
        }
    }
}
