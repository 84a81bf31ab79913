using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using SalesBrain.Bench.Data;
using SalesBrain.Bench.Load;
using SalesBrain.Bench.Reports;
using SalesBrain.Bench.Servers;
using SalesBrain.Core.Access;

namespace SalesBrain.Bench.Scenarios;

/// <summary>
/// Automatic assignment from one pool that everybody wants, against the bare SQL function; and a thousand contacts by hand.
/// </summary>
internal sealed class AssignScenario
{
    public const string Name = "assign";
    private const int Callers = 16;
    private const int Members = 8;
    private const int Bulk = 1000;

    /// <summary>Contacts made for a second of load; more than any machine here assigns.</summary>
    private const int ContactsPerSecond = 4000;

    private static readonly Guid Organization = BenchWorld.Id(1);

    private readonly BenchRun _run;
    private readonly BenchDatabase _database;
    private readonly SalesBrainHost _host;
    private readonly string _token;
    private int _contacts;

    private AssignScenario(BenchRun run, BenchDatabase database, SalesBrainHost host)
    {
        _run = run;
        _database = database;
        _host = host;
        _token = host.TokenFor(Organization, Role.Owner, Organization);
    }

    public static async Task<Section> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var database = await run.CreateIngestDatabaseAsync(cancellationToken);
        await database.AsOwnerAsync("""
            insert into app.user (id, organization_id, email, email_norm, role)
            select ('00000000-0000-4000-9000-' || lpad(n::text, 12, '0'))::uuid, @Organization, n || '@members.example', n || '@members.example', 'member'
            from generate_series(1, @Members) n;
            insert into app.assignment_rule (id, organization_id, position, name, strategy) values (@Organization, @Organization, 1, 'Everybody', 'round_robin');
            insert into app.assignment_member (organization_id, rule_id, user_id, position, weight)
            select @Organization, @Organization, ('00000000-0000-4000-9000-' || lpad(n::text, 12, '0'))::uuid, n, 1 + n % 3 from generate_series(1, @Members) n
            """, new { Organization, Members }, cancellationToken);
        await using var host = await run.StartHostAsync(database, cancellationToken);
        return await new AssignScenario(run, database, host).MeasureAsync(cancellationToken);
    }

    private async Task<Section> MeasureAsync(CancellationToken cancellationToken)
    {
        Measure sql = new(), http = new(), p99 = new(), bulk = new();
        await _run.TakeTurnsAsync(Name, async counts =>
        {
            var bare = await PgbenchAsync(cancellationToken);
            var app = await WrkAsync(cancellationToken);
            var thousand = await AssignThousandAsync(cancellationToken);
            if (counts)
            {
                sql.Add(bare);
                http.Add(app.PerSecond);
                p99.Add(app.P99Us / 1000);
                bulk.Add(thousand.TotalMilliseconds);
            }
        });
        var ratio = http.Over(sql);
        return new Section
        {
            Name = Name,
            Title = "Assigning contacts",
            Method = $"""
                wrk with {Callers} connections has contacts of one organization assigned automatically, one a request, all from one pool of {Members} members
                with weights 1 to 3; pgbench with {Callers} clients calls `app.assign_contacts` for one contact a transaction. Afterwards as many assignments
                must be there as there were requests. Bulk: {Bulk:N0} new contacts given to one user in one request, from sending it to its whole answer.
                """,
            Claims =
            [
                new($"automatic assignment, one hot pool, {Callers} parallel callers", "the bare SQL function under pgbench", "≥ 0.5",
                    ratio.Text("0.00"), ratio.Median >= 0.5),
                new($"bulk assign {Bulk:N0} contacts", "–", "< 150 ms", $"{bulk.Text("0")} ms", bulk.Median < 150),
            ],
            Tables =
            [
                new("Contacts assigned a second from one pool", ["", "median (least–most)"],
                [
                    ["pgbench", sql.Text("0")], ["SalesBrain", http.Text("0")],
                    ["SalesBrain, p99 of the answers at this rate, ms", p99.Text("0.0")],
                ]),
            ],
        };
    }

    private async Task<double> PgbenchAsync(CancellationToken cancellationToken)
    {
        var first = await CreateContactsAsync(_run.Options.Seconds * ContactsPerSecond, cancellationToken);
        return await _run.Tools.Pgbench.RunAsync(
            _database.Connections.Platform,
            [$"""
            \set i :i + 1
            select count(*) from app.assign_contacts('{Organization}', array[('00000000-0000-4000-8000-' || lpad(to_hex(:first::bigint + :client_id::bigint + {Callers} * :i::bigint), 12, '0'))::uuid], null, '{Organization}', now());
            """],
            new Dictionary<string, string> { ["i"] = "-1", ["first"] = first.ToString(CultureInfo.InvariantCulture) }, Callers,
            _run.Options.Seconds, cancellationToken);
    }

    private async Task<WrkResult> WrkAsync(CancellationToken cancellationToken)
    {
        var first = await CreateContactsAsync(_run.Options.Seconds * ContactsPerSecond, cancellationToken);
        var before = await CountAsync(cancellationToken);
        var result = await _run.Tools.Wrk.RunAsync(
            _host.Address, "assign.lua", Callers, _run.Options.Seconds, [_token, first.ToString(CultureInfo.InvariantCulture)],
            cancellationToken);
        // Requests that were on their way when wrk stopped counting are assigned as well.
        var assigned = await CountAsync(cancellationToken) - before;
        return assigned >= result.Requests && assigned <= result.Requests + Callers
            ? result
            : throw new InvalidOperationException($"{result.Requests} requests assigned {assigned} contacts.");
    }

    private async Task<TimeSpan> AssignThousandAsync(CancellationToken cancellationToken)
    {
        var first = await CreateContactsAsync(Bulk, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/admin/users/{Organization}/assign-contacts");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        request.Content = JsonContent.Create(
            new { contact_ids = Enumerable.Range(first, Bulk).Select(number => $"00000000-0000-4000-8000-{number:x12}") });
        var started = Stopwatch.GetTimestamp();
        using var response = await _host.Http.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsStringAsync(cancellationToken);
        var took = Stopwatch.GetElapsedTime(started);
        return response.IsSuccessStatusCode && answer.Contains($"\"success_count\":{Bulk},", StringComparison.Ordinal)
            ? took
            : throw new InvalidOperationException($"Assigning {Bulk} contacts was answered {(int)response.StatusCode}: {answer}");
    }

    /// <summary>Makes contacts that nobody owns; answers the number of the first.</summary>
    private async Task<int> CreateContactsAsync(int count, CancellationToken cancellationToken)
    {
        var first = _contacts;
        _contacts += count;
        await _database.AsOwnerAsync("""
            insert into app.contact (id, organization_id, email, email_norm)
            select ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, @Organization, n || '@contacts.example', n || '@contacts.example'
            from generate_series(@first, @last) n;
            analyze app.contact, app.user_contact_assignment
            """, new { Organization, first, last = first + count - 1 }, cancellationToken);
        return first;
    }

    private Task<long> CountAsync(CancellationToken cancellationToken) =>
        _database.QuerySingleAsync<long>("select count(*) from app.user_contact_assignment", null, cancellationToken);
}
