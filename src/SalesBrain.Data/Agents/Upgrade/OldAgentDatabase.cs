using System.Data;
using System.Globalization;
using Dapper;
using Npgsql;
using SalesBrain.Core.Agents.Upgrade;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Agents.Upgrade;

/// <summary>
/// The database of an agent-level installation. All statements are one transaction, whose snapshot is the same for reading and for the
/// backup. docs/agent-portal.md names the columns that are read.
/// </summary>
public sealed class OldAgentDatabase : IAsyncDisposable
{
    /// <summary>How the schemas of copies begin.</summary>
    public const string BackupPrefix = "agents_backup_";

    private const string Tenants = "tenants";
    private const string Agents = "agents";
    private const string Accounts = "agent_whatsapp_accounts";
    private const string Sessions = "agent_sessions";
    private const string Assignments = "agent_conversation_assignments";
    private static readonly string[] Names = [Tenants, Agents, Accounts, Sessions, Assignments];

    /// <summary>What <see cref="DropAsync"/> drops. Other systems use the tenants too.</summary>
    private static readonly string[] Dropped = [Accounts, Sessions, Assignments, Agents];

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly Dictionary<string, OldTable> _tables = new(StringComparer.Ordinal);

    private OldAgentDatabase(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_connection, _transaction) = (connection, transaction);

    /// <summary>The name of the database.</summary>
    public string Name => _connection.Database;

    /// <summary>The tables that <see cref="DropAsync"/> drops.</summary>
    public static IReadOnlyList<string> DroppedTables => Dropped;

    /// <summary>Connects, and finds the tables along the search path.</summary>
    /// <param name="connectionString">Of a role that reads the tables and, for a backup, may create schemas.</param>
    /// <param name="exclusive">Locks the tables that are dropped: nobody changes them until this is disposed.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="OldTableException">A table is missing.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached, or refuses.</exception>
    /// <exception cref="ArgumentException">This is not a connection string.</exception>
    public static async Task<OldAgentDatabase> OpenAsync(string connectionString, bool exclusive, CancellationToken cancellationToken)
    {
        DapperTypes.Register();
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString)
        {
            // Details of errors quote values.
            IncludeErrorDetail = false,
            Pooling = false,
            CommandTimeout = 600,
            // Times without a zone are UTC.
            Timezone = "UTC",
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            var old = new OldAgentDatabase(connection, await connection.BeginTransactionAsync(
                exclusive ? IsolationLevel.ReadCommitted : IsolationLevel.RepeatableRead, cancellationToken));
            await old.FindTablesAsync(exclusive, cancellationToken);
            return old;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the tables. No password, token or session is read.</summary>
    /// <exception cref="OldTableException">A table has no column for what is needed of it.</exception>
    public async Task<OldAgentRows> ReadAsync(CancellationToken cancellationToken)
    {
        var (tenants, agents, accounts, assignments) = (_tables[Tenants], _tables[Agents], _tables[Accounts], _tables[Assignments]);
        var rows = new OldAgentRows
        {
            Tenants = await QueryAsync<OldTenant>($"""
                select {tenants.Required("tenant_id", "id")} as id, coalesce({tenants.Text("tenant_key")}, {tenants.Required("tenant_id", "id")}) as key,
                    {tenants.Text("genesys_org_id")} as genesys_org_id
                from {tenants.Sql} order by 1
                """, cancellationToken),
            Agents = await QueryAsync<OldAgent>($"""
                select {agents.Required("agent_id", "id")} as id, {agents.Required("tenant_id")} as tenant_id, {agents.Text("name", "full_name")} as name,
                    {agents.Text("email")} as email, {agents.Text("genesys_user_id")} as genesys_user_id, {agents.Text("role")} as role,
                    {IsActive(agents)} as is_active
                from {agents.Sql} order by 1
                """, cancellationToken),
            WhatsappAccounts = await QueryAsync<OldWhatsappAccount>($"""
                select {accounts.Required("agent_id")} as agent_id, {accounts.Text("waba_id")} as waba_id from {accounts.Sql} order by 1, 2
                """, cancellationToken),
            Assignments = await QueryAsync<OldAssignment>($"""
                select a.id, a.agent_id, a.peer, a.assigned_at,
                    case when a.is_active then null else coalesce(a.ended_at, a.last_activity_at, a.assigned_at, now()) end as ended_at,
                    case when a.is_active then null else left(a.status, 500) end as reason
                from (
                    select {assignments.Required("assignment_id", "id")} as id, {assignments.Required("agent_id")} as agent_id, {Peer(assignments)} as peer,
                        {assignments.Time("assigned_at", "created_at")} as assigned_at, {assignments.Time("ended_at", "unassigned_at", "closed_at")} as ended_at,
                        {assignments.Time("last_activity_at")} as last_activity_at, {assignments.Text("status")} as status,
                        {IsActive(assignments)} and {assignments.Time("ended_at", "unassigned_at", "closed_at")} is null as is_active
                    from {assignments.Sql}
                ) a
                order by a.id
                """, cancellationToken),
            Counts = await CountAsync(cancellationToken),
        };
        CheckUnique(Tenants, "id", rows.Tenants.Select(tenant => tenant.Id));
        CheckUnique(Tenants, "key", rows.Tenants.Select(tenant => tenant.Key));
        CheckUnique(Agents, "id", rows.Agents.Select(agent => agent.Id));
        CheckUnique(Assignments, "id", rows.Assignments.Select(assignment => assignment.Id));
        return rows;
    }

    /// <summary>
    /// Copies all tables, with all columns, to a new schema that only its owner may use. Returns its name and the rows of each copy.
    /// </summary>
    public async Task<(string Schema, IReadOnlyList<(string Table, long Rows)> Counts)> BackUpAsync(
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var schema = BackupPrefix + now.UtcDateTime.ToString("yyyyMMdd_HHmmss_fff", CultureInfo.InvariantCulture);
        await ExecuteAsync($"create schema {OldTable.Quote(schema)}", cancellationToken);
        var counts = new List<(string, long)>();
        foreach (var table in _tables.Values)
        {
            var copy = $"{OldTable.Quote(schema)}.{OldTable.Quote(table.Name)}";
            await ExecuteAsync($"create table {copy} as table {table.Sql}", cancellationToken);
            counts.Add((table.Name, (await QueryAsync<long>($"select count(*) from {copy}", cancellationToken)).Single()));
        }
        await _transaction.CommitAsync(cancellationToken);
        return (schema, counts);
    }

    /// <summary>The schemas of copies, oldest first.</summary>
    public Task<List<string>> FindBackupsAsync(CancellationToken cancellationToken) =>
        QueryAsync<string>(
            $"select nspname::text from pg_namespace where nspname like '{BackupPrefix.Replace("_", "\\_", StringComparison.Ordinal)}%' "
            + "order by 1",
            cancellationToken);

    /// <summary>Drops the tables of agents, and nothing that depends on them.</summary>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync($"drop table {string.Join(", ", Dropped.Select(name => _tables[name].Sql))}", cancellationToken);
        await _transaction.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task FindTablesAsync(bool exclusive, CancellationToken cancellationToken)
    {
        const string Columns = """
            select c.relname::text as name, n.nspname::text as schema, a.attname::text as column
            from unnest(@names) as t (name)
            join pg_class c on c.oid = to_regclass(quote_ident(t.name)) and c.relkind in ('r', 'p')
            join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            """;
        var rows = await _connection.QueryAsync<(string Name, string Schema, string Column)>(
            new CommandDefinition(Columns, new { names = Names }, _transaction, cancellationToken: cancellationToken));
        foreach (var table in rows.GroupBy(row => (row.Name, row.Schema)))
        {
            _tables.Add(table.Key.Name, new OldTable(table.Key.Name, table.Key.Schema, table.Select(row => row.Column)));
        }
        if (Names.FirstOrDefault(name => !_tables.ContainsKey(name)) is { } missing)
        {
            throw new OldTableException(
                $"The database {Name} has no table {missing}. If it is in another schema than public, add Search Path "
                + "to the connection string.");
        }
        if (exclusive)
        {
            await ExecuteAsync(
                $"set local lock_timeout = '10s'; lock table {string.Join(", ", Dropped.Select(name => _tables[name].Sql))}",
                cancellationToken);
        }
    }

    private async Task<List<(string Table, long Rows)>> CountAsync(CancellationToken cancellationToken)
    {
        var counts = new List<(string, long)>();
        foreach (var name in Names)
        {
            counts.Add((name, (await QueryAsync<long>($"select count(*) from {_tables[name].Sql}", cancellationToken)).Single()));
        }
        return counts;
    }

    private static void CheckUnique(string table, string what, IEnumerable<string?> values)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            if (string.IsNullOrEmpty(value))
            {
                throw new OldTableException($"The table {table} has a row without {what}.");
            }
            if (!known.Add(value))
            {
                throw new OldTableException($"The table {table} has two rows with the {what} {value}.");
            }
        }
    }

    private static string IsActive(OldTable table)
    {
        var status = table.Has("status")
            ? $"coalesce(lower({table.Text("status")}), 'active') in ('active', 'open', 'assigned', 'online', 'offline', "
                + "'busy', 'away', 'available')"
            : "true";
        return table.Has("is_active") ? $"(coalesce({OldTable.Quote("is_active")}, true) and {status})" : $"({status})";
    }

    /// <summary>Whom the conversation is with. The id of a conversation counts only if it is a phone number with a country code.</summary>
    private static string Peer(OldTable table)
    {
        string[] names = ["wa_id", "customer_wa_id", "customer_phone", "contact_phone", "phone_number"];
        var conversation = table.Text("conversation_id");
        return !names.Any(table.Has) && !table.Has("conversation_id") ? throw table.Missing([.. names, "conversation_id"])
            : $"coalesce({table.Text(names)}, case when {conversation} ~ '^([+][0-9]{{7,15}}|[0-9]{{10,15}})$' then {conversation} end)";
    }

    private async Task<List<T>> QueryAsync<T>(string sql, CancellationToken cancellationToken) =>
        (await _connection.QueryAsync<T>(new CommandDefinition(sql, null, _transaction, cancellationToken: cancellationToken))).AsList();

    private Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken) =>
        _connection.ExecuteAsync(new CommandDefinition(sql, null, _transaction, cancellationToken: cancellationToken));
}
