using Npgsql;
using SalesBrain.Data.Migrations;

namespace SalesBrain.LocalHost.Development;

/// <summary>Connection strings of one database: its owner, for migrations, and the two logins of the app.</summary>
public sealed record DatabaseConnections(string Owner, string Tenant, string Platform);

/// <summary>Passwords of the three roles; cluster-wide, like the roles.</summary>
public sealed record RolePasswords(string Owner, string Tenant, string Platform);

/// <summary>Makes and migrates a database on a server whose superuser we are.</summary>
public static class LocalDatabase
{
    private const string OwnerRole = "salesbrain_owner";

    /// <summary>Makes the owner role and the database when they are missing, migrates it, and gives the logins their passwords.</summary>
    public static async Task<DatabaseConnections> PrepareAsync(
        string superuserConnectionString, string database, RolePasswords passwords, TimeProvider clock, CancellationToken cancellationToken)
    {
        var connections = ConnectionsTo(superuserConnectionString, database, passwords);
        await using (
            var superuser = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(superuserConnectionString) { Pooling = false }))
        {
            await ExecuteAsync(superuser, $"""
                do $$ begin
                    if not exists (select from pg_roles where rolname = '{OwnerRole}') then
                        create role {OwnerRole} login createrole;
                    end if;
                end $$;
                alter role {OwnerRole} password {Literal(passwords.Owner)};
                """, cancellationToken);
            if (!await ExistsAsync(superuser, database, cancellationToken))
            {
                await ExecuteAsync(superuser, $"create database {Identifier(database)} owner {OwnerRole}", cancellationToken);
            }
        }
        await using (
            var superuser = NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(superuserConnectionString) { Database = database, Pooling = false }))
        {
            await ExecuteAsync(superuser, SqlFiles.Superuser.Text, cancellationToken);
        }
        await Migrator.MigrateAsync(
            new NpgsqlConnectionStringBuilder(connections.Owner) { Pooling = false }.ConnectionString, clock, cancellationToken);
        await using (
            var superuser = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(superuserConnectionString) { Pooling = false }))
        {
            await ExecuteAsync(superuser, $"""
                alter role salesbrain_tenant password {Literal(passwords.Tenant)};
                alter role salesbrain_platform password {Literal(passwords.Platform)};
                """, cancellationToken);
        }
        return connections;
    }

    /// <summary>The connection strings of a database of this server, whether it is there or not.</summary>
    public static DatabaseConnections ConnectionsTo(string superuserConnectionString, string database, RolePasswords passwords)
    {
        string As(string role, string password) => new NpgsqlConnectionStringBuilder(superuserConnectionString)
        {
            Database = database,
            Username = role,
            Password = password,
            MaxPoolSize = 40,
            // Plans of the few, long statements are worth keeping. Leave it out behind a PgBouncer older than 1.22.
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
        }.ConnectionString;
        return new(
            As(OwnerRole, passwords.Owner), As("salesbrain_tenant", passwords.Tenant), As("salesbrain_platform", passwords.Platform));
    }

    private static async Task<bool> ExistsAsync(NpgsqlDataSource source, string database, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select exists (select from pg_database where datname = $1)");
        command.Parameters.Add(new() { Value = database });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Identifier(string name) => '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    private static string Literal(string text) => '\'' + text.Replace("'", "''", StringComparison.Ordinal) + '\'';
}
