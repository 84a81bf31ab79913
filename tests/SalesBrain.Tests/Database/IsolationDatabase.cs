using System.Text.Json;
using Dapper;
using Npgsql;

namespace SalesBrain.Tests.Database;

/// <summary>A database with two organizations, and a way to try statements as somebody without leaving a trace.</summary>
public class IsolationDatabase : ClonedDatabase
{
    /// <summary>Kept open: a new session compiles all policies and triggers again.</summary>
    private readonly Dictionary<string, NpgsqlConnection> _sessions = new(StringComparer.Ordinal);

    /// <summary>By table the statements that are tried on it, with their numbers in the table's function.</summary>
    private readonly Dictionary<string, Dictionary<string, int>> _statements = new(StringComparer.Ordinal);

    internal TableCatalog Catalog { get; private set; } = null!;
    internal Probes Probes { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Catalog = await TableCatalog.ReadAsync(this);
        var world = new TwoOrganizations(Catalog);
        // Its rows are made here like those of any other table.
        await ExecuteAsync("alter table app.lead disable trigger note_lead_recency_insert, disable trigger note_lead_status_insert");
        foreach (var row in world.Rows)
        {
            await ExecuteAsync(row.Insert);
        }
        await ExecuteAsync("alter table app.lead enable trigger note_lead_recency_insert, enable trigger note_lead_status_insert");
        // What triggers write while the probes run has other numbers than these rows.
        await ExecuteAsync("""
            select setval(pg_get_serial_sequence(format('app.%I', c.relname), a.attname)::regclass, 1000000000)
            from pg_attribute a
            join pg_class c on c.oid = a.attrelid
            where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attidentity <> ''
            """);
        Probes = new Probes(world);
        // Tries all statements in one round trip, each in a subtransaction that is undone, and returns those with an unexpected outcome.
        await ExecuteAsync("""
            create schema probe;
            grant usage on schema probe to public;

            create function probe.surprises(probes jsonb, first_only boolean) returns table (number bigint, outcome text)
            language plpgsql as $$
            declare
                probe jsonb;
            begin
                for probe, number in select p.value, p.ordinality - 1 from jsonb_array_elements(probes) with ordinality p loop
                    if probe -> 'settings' <> 'null' then
                        perform set_config('app.current_org_id', probe -> 'settings' ->> 0, true),
                            set_config('app.current_user_id', probe -> 'settings' ->> 1, true),
                            set_config('app.user_role', probe -> 'settings' ->> 2, true),
                            set_config('app.current_agency_id', probe -> 'settings' ->> 3, true),
                            set_config('app.current_client_id', probe -> 'settings' ->> 4, true);
                    end if;
                    execute format('select probe.%I($1)', probe ->> 'function') into outcome using (probe ->> 'statement')::int;
                    if not (probe -> 'expected') ? outcome then
                        return next;
                        if first_only then
                            return;
                        end if;
                    end if;
                end loop;
            end
            $$;
            """);
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await CloseSessionsAsync();
        await base.DisposeAsync();
    }

    /// <summary>
    /// The probes that didn't turn out as expected, tried as the login. Probes without a context have a session in which nobody ever set
    /// one.
    /// </summary>
    internal async Task<List<string>> TryAsync(string login, IReadOnlyList<Probe> probes)
    {
        var hasContext = probes.Any(probe => probe.Actor.Settings is not null);
        var session = await SessionAsync(
            $"{login}, {hasContext}", login == "salesbrain_tenant" ? Connections.Tenant : Connections.Platform);
        // PgBouncer may give it a server connection on which the setting was used, and then reads as an empty text.
        Assert.Equal(login, await session.QuerySingleAsync<string>(
            "select current_user where coalesce(current_setting('app.current_org_id', true), '') = ''"));
        return await FindSurprisesAsync(session, probes);
    }

    /// <summary>A session of the superuser.</summary>
    internal Task<NpgsqlConnection> SuperuserSessionAsync() => SessionAsync("superuser", SuperuserConnectionString);

    /// <summary>Ends the sessions, before the database becomes another one.</summary>
    protected async Task CloseSessionsAsync()
    {
        foreach (var session in _sessions.Values)
        {
            await session.DisposeAsync();
        }
        _sessions.Clear();
    }

    private async Task<NpgsqlConnection> SessionAsync(string name, string connectionString)
    {
        if (!_sessions.TryGetValue(name, out var session))
        {
            session = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
            await session.OpenAsync();
            _sessions.Add(name, session);
        }
        return session;
    }

    /// <summary>
    /// The probes that didn't turn out as expected, or only the first of them, each in words. The probes are of one login.
    /// </summary>
    internal async Task<List<string>> FindSurprisesAsync(NpgsqlConnection connection, IReadOnlyList<Probe> probes, bool firstOnly = false)
    {
        foreach (var table in probes.Select(probe => probe.Row.Table.Name).Distinct().Where(table => !_statements.ContainsKey(table)))
        {
            _statements.Add(table, await CreateFunctionAsync(table));
        }
        var json = JsonSerializer.Serialize(probes.Select(probe => new
        {
            settings = probe.Actor.Settings,
            function = probe.Row.Table.Name,
            statement = _statements[probe.Row.Table.Name][probe.Sql],
            expected = probe.Expected,
        }));
        var surprises = await connection.QueryAsync<(long Number, string Outcome)>(
            "select number, outcome from probe.surprises(@json::jsonb, @firstOnly)", new { json, firstOnly });
        return surprises.Select(surprise => probes[(int)surprise.Number].Explain(surprise.Outcome)).ToList();
    }

    /// <summary>
    /// A function that tries any statement on the table by its number. Dozens of actors try the same statements, and a function plans each
    /// of its statements once in a session, while <c>execute</c> plans it every time.
    /// </summary>
    private async Task<Dictionary<string, int>> CreateFunctionAsync(string table)
    {
        var numbers = Probes.Actors().Append(Probes.NoContext).Append(Probes.SchemaOwner)
            .SelectMany(actor => Probes.For(actor, table)).Select(probe => probe.Sql).Distinct(StringComparer.Ordinal)
            .Select((sql, number) => (sql, number)).ToDictionary(StringComparer.Ordinal);
        var cases = numbers.Select(statement => $"when {statement.Value} then {Perform(statement.Key)};");
        await ExecuteAsync($"""
            create function probe.{table}(statement int) returns text
            language plpgsql as $probe$
            #variable_conflict use_column
            declare
                rows bigint;
            begin
                case statement
                {string.Join('\n', cases)}
                end case;
                get diagnostics rows = row_count;
                raise exception using errcode = 'UNDO0', message = rows::text;
            exception
                when sqlstate 'UNDO0' then return sqlerrm;
                when others then return sqlstate;
            end
            $probe$;
            """);
        return numbers;
    }

    /// <summary>A statement as a function has it: there, a query whose rows nobody wants is a <c>perform</c>.</summary>
    private static string Perform(string sql) =>
        sql.StartsWith("select ", StringComparison.Ordinal) ? $"perform {sql["select ".Length..]}" : sql;
}
