using System.Diagnostics;
using Dapper;
using Npgsql;
using SalesBrain.Core.Agents.Upgrade;
using SalesBrain.LocalHost.Commands;
using SalesBrain.Tests.App;
using SalesBrain.Tests.LocalHost;

namespace SalesBrain.Tests.Agents.Upgrade;

/// <summary>Imports of many people: their statements, their locks, their time, and one that is killed.</summary>
public sealed class AgentImportSizeTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly CountedInstallation _old = new();

    public ValueTask InitializeAsync() => _old.InitializeAsync();

    public ValueTask DisposeAsync() => _old.DisposeAsync();

    [Fact]
    public async Task Many_people_cost_as_many_statements_and_locks_as_few()
    {
        var few = await ImportAsync(people: 10);
        var many = await ImportAsync(people: 600);

        Assert.Single(few.Statements, statement => statement.Contains("app.begin_conversations", StringComparison.Ordinal));
        Assert.Equal(few.Statements, many.Statements);
        Assert.Equal(few.Locks, many.Locks);
    }

    [Fact]
    public Task Killed_import_leaves_nothing_and_the_next_one_brings_everything() => KillAsync(people: 300);

    /// <summary>With max_locks_per_transaction and all other settings as PostgreSQL has them.</summary>
    [Fact]
    public async Task Twenty_thousand_people_are_imported_once_although_a_process_is_killed()
    {
        LargeRun.Only();

        await KillAsync(people: 20_000);
    }

    private async Task KillAsync(int people)
    {
        await FillAsync(people);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(
                file,
                ["old_agent_id,genesys_user_id,tenant_id,name,email", .. Mappings(people).Select(
                    line => $"{line.OldAgentId},{line.GenesysUserId},{line.TenantId},{line.Name},{line.Email}")],
                TestContext.Current.CancellationToken);
            string[] arguments = ["import-agents", "--from", _old.From, "--mapping", file];
            var before = await _old.WrittenAsync();
            // Written last, before the commit: the import waits for it.
            await using (var connection = await _old.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken))
            {
                await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
                await connection.ExecuteAsync("lock table app.audit_log in share mode", transaction: transaction);
                using var killed = LocalHostProcess.Start(arguments, Environment());
                var limit = Stopwatch.StartNew();
                while (!await connection.QuerySingleAsync<bool>(
                    "select exists (select from pg_locks where relation = 'app.audit_log'::regclass and not granted)", transaction: transaction))
                {
                    Assert.True(limit.Elapsed < TimeSpan.FromMinutes(3), "The import has not come to its end.");
                    await Task.Delay(50, TestContext.Current.CancellationToken);
                }
            }
            Assert.Equal(before, await _old.WrittenAsync());
            Assert.Equal(1, await _old.CountBackupsAsync());

            var clock = Stopwatch.StartNew();
            var (code, first, errors) = await LocalHostProcess.RunAsync(arguments, Environment());
            output.WriteLine($"{people} people: {clock.Elapsed.TotalSeconds:0.0} s");
            Assert.Equal((0, ""), (code, errors));
            Assert.Contains($"Agents: 0 have a user already, {people} get one", first, StringComparison.Ordinal);
            Assert.Equal(
                (people, people, people, people, people),
                (await _old.QueryAsync<(int, int, int, int, int)>("""
                    select (select count(*)::int from app.user where role = 'agent'), (select count(*)::int from app.genesys_user),
                        (select count(*)::int from app.contact), (select count(*)::int from app.conversation where status = 'assigned'),
                        (select count(*)::int from app.conversation_assignment where ended_at is null)
                    """)).Single());

            var written = await _old.WrittenAsync();
            clock.Restart();
            (code, var again, errors) = await LocalHostProcess.RunAsync(arguments, Environment());
            output.WriteLine($"Again: {clock.Elapsed.TotalSeconds:0.0} s");
            Assert.Equal((0, ""), (code, errors));
            Assert.EndsWith("Everything was imported before. Nothing was changed.", again.Trim(), StringComparison.Ordinal);
            Assert.Equal(written, await _old.WrittenAsync());
            Assert.Equal(2, await _old.CountBackupsAsync());
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Imports people, and returns the statements that it ran, and how many locks it had before the commit.</summary>
    private async Task<(IReadOnlyList<string> Statements, long Locks)> ImportAsync(int people)
    {
        await _old.ExecuteAsync("""
            delete from app.conversation_assignment;
            delete from app.conversation;
            delete from app.contact_external_id;
            delete from app.contact;
            delete from app.genesys_user;
            delete from app.user;
            drop table if exists app.locks;
            create table app.locks (n bigint);
            grant insert on app.locks to salesbrain_platform;
            create or replace function app.count_locks() returns trigger language plpgsql as $$
                begin insert into app.locks select count(*) from pg_locks where pid = pg_backend_pid() and locktype <> 'relation'; return null; end $$;
            create or replace trigger count_locks after insert on app.audit_log for each statement execute function app.count_locks()
            """);
        await FillAsync(people);
        // The name of the backup is its second.
        _old.Time.Advance(TimeSpan.FromSeconds(1));
        AgentImportReport? report = null;
        var statements = await _old.StatementsAsync(async () => report = await _old.ImportAsync(Mappings(people)));
        Assert.Equal((people, people), (report!.AddedAgents.Count, report.AddedAssignments.Count));
        return (statements, (await _old.QueryAsync<long>("select max(n) from app.locks")).Single());
    }

    /// <summary>Agents of two tenants, each with a conversation of their own.</summary>
    private async Task FillAsync(int people)
    {
        await _old.OldAsync($"""
            truncate agents, agent_whatsapp_accounts, agent_sessions, agent_conversation_assignments;
            insert into agents (agent_id, tenant_id, email, password_hash, name)
            select ('a0000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, case when n % 2 = 0 then 'acme' else 'globex' end,
                'old' || n || '@acme.example', 'old-password-hash', 'Agent ' || n
            from generate_series(1, {people}) n;
            insert into agent_conversation_assignments (assignment_id, conversation_id, agent_id, customer_phone, assigned_at)
            select ('c0000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'conv-' || n, ('a0000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
                '+49 160 ' || lpad(n::text, 7, '0'), '2026-01-10 09:00'
            from generate_series(1, {people}) n
            """);
    }

    private static List<AgentMapping> Mappings(int people) =>
        [.. Enumerable.Range(1, people).Select(n => new AgentMapping(
            n + 1, $"a0000000-0000-4000-8000-{n:D12}", $"e0000000-0000-4000-8000-{n:D12}", n % 2 == 0 ? "acme" : "globex", $"Agent {n}",
            $"agent{n}@acme.example"))];

    private Dictionary<string, string> Environment() =>
        new(StringComparer.Ordinal) { ["ConnectionStrings__SalesBrainPlatform"] = _old.Connections.Platform };

    private sealed class CountedInstallation : OldInstallation
    {
        protected override bool CountsStatements => true;

        /// <summary>The statements of the import alone: it tries first, and then does it.</summary>
        public async Task<IReadOnlyList<string>> StatementsAsync(Func<Task> during)
        {
            await using var connection = new NpgsqlConnection(SuperuserConnectionString);
            await connection.OpenAsync();
            await connection.ExecuteAsync("create extension if not exists pg_stat_statements");
            var before = await CallsAsync(connection);
            await during();
            // Half of them are the trial's, all but the audit log's and the commit.
            return [.. (await CallsAsync(connection)).SelectMany(one => Enumerable.Repeat(one.Key, (int)(one.Value - before.GetValueOrDefault(one.Key))))
                .GroupBy(sql => sql).SelectMany(same => same.Take((same.Count() + 1) / 2)).Order(StringComparer.Ordinal)];
        }

        private static async Task<Dictionary<string, long>> CallsAsync(NpgsqlConnection connection) =>
            (await StatementTexts.ReadAsync(connection))
                .Where(statement => statement.Login == "salesbrain_platform" && !StatementTexts.IsOfConnection(statement.Query))
                .GroupBy(statement => statement.Query, StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => same.Sum(statement => statement.Calls), StringComparer.Ordinal);
    }
}
