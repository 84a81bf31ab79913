using System.Diagnostics;
using Npgsql;
using SalesBrain.Bench.Data;
using SalesBrain.Bench.Reports;
using SalesBrain.Bench.Servers;

namespace SalesBrain.Bench.Load;

/// <summary>Changes of leads, one a transaction: as fast as pgbench goes, or at a fixed rate.</summary>
internal sealed class LeadWriters(BenchRun run, BenchDatabase database)
{
    private const int Connections = 8;

    /// <summary>Leads, of all organizations in turn. Each is changed once in a turn at a fixed rate.</summary>
    private int Leads => PerSecond * run.Options.Seconds;

    /// <summary>The fixed rate.</summary>
    public const int PerSecond = 1000;

    public Task CreateLeadsAsync(CancellationToken cancellationToken) => database.AsOwnerAsync("""
        insert into app.contact (id, organization_id, email, email_norm)
        select ('00000000-0000-4000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, (@ids)[1 + n % cardinality(@ids)], n || '@leads.example', n || '@leads.example'
        from generate_series(0, @leads - 1) n;
        insert into app.lead (id, organization_id, contact_id)
        select ('00000000-0000-4000-a000-' || lpad(to_hex(n), 12, '0'))::uuid, (@ids)[1 + n % cardinality(@ids)], ('00000000-0000-4000-9000-' || lpad(to_hex(n), 12, '0'))::uuid
        from generate_series(0, @leads - 1) n;
        analyze app.contact, app.lead
        """, new { ids = Enumerable.Range(1, BenchWorld.Organizations).Select(BenchWorld.Id).ToArray(), leads = Leads }, cancellationToken);

    /// <summary>Changes a second, without a pause.</summary>
    public Task<double> RunAsync(CancellationToken cancellationToken) => run.Tools.Pgbench.RunAsync(
        database.Connections.Platform,
        [$"""
        \set n random(0, {Leads - 1})
        update app.lead set score = (score + 1) % 100, updated_at = now()
        where organization_id = lpad(to_hex(1 + :n::bigint % {BenchWorld.Organizations}), 32, '0')::uuid and id = ('00000000-0000-4000-a000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid;
        """],
        new Dictionary<string, string>(), Connections, run.Options.Seconds, cancellationToken);

    /// <summary>
    /// Changes every lead once, at the fixed rate. Returns when each was committed, and how many milliseconds each change took.
    /// </summary>
    public async Task<(IReadOnlyDictionary<Guid, long> Committed, Measure Milliseconds)> PaceAsync(CancellationToken cancellationToken)
    {
        var next = -1;
        var started = Stopwatch.GetTimestamp();
        var written = (await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => WriteAsync())))
            .SelectMany(changes => changes).ToList();
        return (written.ToDictionary(change => change.Lead, change => change.At), new(written.Select(change => change.Took.TotalMilliseconds)));

        async Task<List<(Guid Lead, long At, TimeSpan Took)>> WriteAsync()
        {
            var changes = new List<(Guid, long, TimeSpan)>();
            await using var connection = new NpgsqlConnection(database.Connections.Platform);
            await connection.OpenAsync(cancellationToken);
            await using var update = new NpgsqlCommand(
                "update app.lead set score = (score + 1) % 100, updated_at = now() where organization_id = $1 and id = $2", connection)
            {
                Parameters = { new NpgsqlParameter<Guid>(), new NpgsqlParameter<Guid>() },
            };
            await update.PrepareAsync(cancellationToken);
            while (Interlocked.Increment(ref next) is var number && number < Leads)
            {
                if (TimeSpan.FromSeconds((double)number / PerSecond) - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } early)
                {
                    await Task.Delay(early, cancellationToken);
                }
                var lead = new Guid($"00000000-0000-4000-a000-{number:x12}");
                ((NpgsqlParameter<Guid>)update.Parameters[0]).TypedValue = BenchWorld.Id(1 + (number % BenchWorld.Organizations));
                ((NpgsqlParameter<Guid>)update.Parameters[1]).TypedValue = lead;
                var sent = Stopwatch.GetTimestamp();
                if (await update.ExecuteNonQueryAsync(cancellationToken) != 1)
                {
                    throw new InvalidOperationException($"The lead {lead} was not changed.");
                }
                var committed = Stopwatch.GetTimestamp();
                changes.Add((lead, committed, Stopwatch.GetElapsedTime(sent, committed)));
            }
            return changes;
        }
    }
}
