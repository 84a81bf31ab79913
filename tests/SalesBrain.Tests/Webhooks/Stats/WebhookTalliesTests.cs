using Npgsql;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Stats;

public sealed class WebhookTalliesTests(TestApp app) : IClassFixture<TestApp>
{
    private const int Writers = 8;
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 21, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Tallies_equal_counting_after_parallel_inserts_updates_and_deletes()
    {
        Guid[] organizations =
            [await app.CreateOrganizationAsync(), await app.CreateOrganizationAsync(), await app.CreateOrganizationAsync()];
        await app.ExecuteAsync("select app.ensure_month_partitions('2026-01-01', 2)");
        using var writing = new CancellationTokenSource();
        var folding = FoldUntilAsync(writing.Token);

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(seed => WriteAsync(organizations, seed)));
        await AssertEqualToCountingAsync();
        await writing.CancelAsync();
        Assert.True(await folding > 0);
        await app.FoldTalliesAsync();

        Assert.Equal(0, await app.QuerySingleAsync<long>("select count(*) from app.tally_change"));
        Assert.Equal(0, await app.QuerySingleAsync<long>("""
            select count(*) from app.webhook_log_tally
            where least(pending, processed, ignored, failed, dead) < 0 or pending + processed + ignored + failed + dead = 0
                or by_type ? '' or by_source ? '' or by_latency ? ''
            """));
        await AssertEqualToCountingAsync();
        Assert.True(await app.QuerySingleAsync<long>("select count(*) from app.webhook_log") > 100);
    }

    [Fact]
    public async Task Update_that_changes_nothing_counted_appends_nothing()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.CreateLogsAsync(organization, "2026-01-15T08:00:00Z", "failed", count: 3);
        var before = await CountChangesAsync(organization);

        await app.ExecuteAsync(
            "update app.webhook_log set delivery_count = delivery_count + 1, due_at = now(), retry_count = 2 "
            + "where organization_id = @organization",
            new { organization });

        Assert.Equal(before, await CountChangesAsync(organization));
    }

    [Fact]
    public async Task Writers_do_not_wait_for_each_other_nor_for_the_folding()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.CreateLogsAsync(organization, "2026-01-15T08:00:00Z");
        await using var connection = new NpgsqlConnection(app.Database.Owner);
        await connection.OpenAsync();
        await using var open = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("select app.fold_tally_changes(1000)", connection, open))
        {
            Assert.NotEqual(0L, await command.ExecuteScalarAsync());
        }

        // All of this would hang if it needed a row that the open transaction holds.
        await app.CreateLogsAsync(organization, "2026-01-15T08:00:00Z");
        Assert.Equal(0, await app.FoldTalliesAsync());
        await AssertEqualToCountingAsync();
        await open.CommitAsync();
        await AssertEqualToCountingAsync();
    }

    private async Task<int> FoldUntilAsync(CancellationToken stop)
    {
        var folds = 0;
        while (!stop.IsCancellationRequested)
        {
            // Few at a time, so that it matters which are taken first.
            folds += await app.QuerySingleAsync<long>("select app.fold_tally_changes(25)") > 0 ? 1 : 0;
        }
        return folds;
    }

    /// <summary>Sixty random transactions: one in ten is rolled back.</summary>
    private async Task WriteAsync(Guid[] organizations, int seed)
    {
        var random = new Random(seed);
        await using var connection = new NpgsqlConnection(app.Database.Platform);
        await connection.OpenAsync();
        for (var i = 0; i < 60; i++)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            for (var statement = random.Next(1, 4); statement > 0; statement--)
            {
                await using var command = random.Next(5) switch
                {
                    < 2 => Insert(organizations, random),
                    < 4 => Update(random),
                    _ => Delete(random),
                };
                (command.Connection, command.Transaction) = (connection, transaction);
                await command.ExecuteNonQueryAsync();
            }
            await (random.Next(10) == 0 ? transaction.RollbackAsync() : transaction.CommitAsync());
        }
    }

    private static NpgsqlCommand Insert(Guid[] organizations, Random random)
    {
        var logs = Enumerable.Range(0, random.Next(1, 20)).Select(_ => WebhookLogIds.Create(Start.AddMinutes(random.Next(300)))).ToArray();
        return new("""
            insert into app.webhook_log (
                id, organization_id, event_source, event_type, status, due_at, occurred_at, created_at, processed_at, processing_ms, last_delivered_at)
            select id, organization_id, source, type, status, case when status in ('pending', 'failed') then at end, at, at,
                case when status = 'processed' then at end, case when status = 'processed' then ms end, at
            from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::int[]) as l (id, at, organization_id, source, type, status, ms)
            """)
        {
            Parameters =
            {
                Array(logs, log => log.Id), Array(logs, log => log.CreatedAt),
                Array(logs, _ => organizations[random.Next(organizations.Length)]),
                Array(logs, _ => random.Next(2) == 0 ? "instantly" : "n8n"), Array(logs, _ => $"email.{random.Next(3)}"),
                Array(logs, _ => Status(random)), Array(logs, _ => random.Next(1000)),
            },
        };
    }

    private static NpgsqlCommand Update(Random random) => new("""
        update app.webhook_log l set
            status = $1, due_at = case when $1 in ('pending', 'failed') then l.created_at end, processed_at = case when $1 = 'processed' then l.created_at end,
            processing_ms = case when $1 = 'processed' then $2 end, event_type = case when $2 % 10 = 0 then 'email.changed' else l.event_type end
        from (select created_at, id from app.webhook_log where hashtext(id::text) % 7 = $3 order by created_at, id limit 15 for update skip locked) picked
        where l.created_at = picked.created_at and l.id = picked.id
        """)
    {
        Parameters = { new() { Value = Status(random) }, new() { Value = random.Next(1000) }, new() { Value = random.Next(7) } },
    };

    private static NpgsqlCommand Delete(Random random) => new("""
        delete from app.webhook_log l
        using (select created_at, id from app.webhook_log where hashtext(id::text) % 7 = $1 order by created_at, id limit 8 for update skip locked) picked
        where l.created_at = picked.created_at and l.id = picked.id
        """)
    {
        Parameters = { new() { Value = random.Next(7) } },
    };

    private static NpgsqlParameter Array<TLog, T>(TLog[] logs, Func<TLog, T> value) => new() { Value = logs.Select(value).ToArray() };

    private static string Status(Random random) =>
        new[] { "pending", "processed", "processed", "ignored", "failed", "dead" }[random.Next(6)];

    private Task<long> CountChangesAsync(Guid organization) =>
        app.QuerySingleAsync<long>("select count(*) from app.tally_change where organization_id = @organization", new { organization });

    private async Task AssertEqualToCountingAsync()
    {
        var differences = await app.QueryAsync<string>("""
            with part as (
                select t.organization_id, t.period, t.starts_at, m.name, m.value, m.total
                from app.webhook_log_tally t
                cross join lateral (
                    select 'status' as name, v.value, v.total
                    from (values ('pending', t.pending), ('processed', t.processed), ('ignored', t.ignored), ('failed', t.failed), ('dead', t.dead)) v (value, total)
                    union all select 'source', e.key, e.value::bigint from jsonb_each_text(t.by_source) e
                    union all select 'type', e.key, e.value::bigint from jsonb_each_text(t.by_type) e
                    union all select 'latency', e.key, e.value::bigint from jsonb_each_text(t.by_latency) e) m
                union all
                select c.organization_id, p.period, p.starts_at, v.name, v.value, c.change
                from app.tally_change c
                cross join lateral (values
                    ('hour', c.hour), ('day', date_trunc('day', c.hour)), ('ever', '-infinity')) as p (period, starts_at)
                cross join lateral (values
                    ('status', c.status), ('source', c.event_source), ('type', c.event_type), ('latency', c.latency::text)) as v (name, value)
                where c.subject = 'webhook_log' and v.value is not null
            ), kept as (
                select organization_id, period, starts_at, name, value, sum(total)::bigint as total
                from part
                where name = 'status' or period <> 'ever'
                group by 1, 2, 3, 4, 5
                having sum(total) <> 0
            ), counted as (
                select l.organization_id, p.period, p.starts_at, v.name, v.value, count(*) as total
                from app.webhook_log l
                cross join lateral (values
                    ('hour', date_trunc('hour', l.created_at)), ('day', date_trunc('day', l.created_at)), ('ever', '-infinity')) as p (period, starts_at)
                cross join lateral (values
                    ('status', l.status), ('source', l.event_source), ('type', l.event_type),
                    ('latency', case when l.status = 'processed' then app.latency_bucket(l.processing_ms)::text end)) as v (name, value)
                where v.value is not null and (v.name = 'status' or p.period <> 'ever')
                group by 1, 2, 3, 4, 5
            )
            select to_json(d)::text from (
                (select 'kept', k.* from kept k except select 'kept', c.* from counted c)
                union all
                (select 'counted', c.* from counted c except select 'counted', k.* from kept k)
            ) d
            """);
        Assert.Empty(differences);
    }
}
