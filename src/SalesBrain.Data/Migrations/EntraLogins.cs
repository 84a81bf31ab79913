using Npgsql;

namespace SalesBrain.Data.Migrations;

/// <summary>
/// Maps logins to managed identities on Azure Database for PostgreSQL. Works in the server's database <c>postgres</c>, which has the
/// functions for it, as a Microsoft Entra administrator.
/// </summary>
public static class EntraLogins
{
    /// <summary>Creates the login, or maps an existing one. Returns false if the login is mapped to this identity already.</summary>
    /// <param name="connection">An open connection to the database <c>postgres</c>.</param>
    /// <param name="login">Name of the login. It can differ from the identity's name.</param>
    /// <param name="objectId">Object id (principal id) of the managed identity, not its client id.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    public static async Task<bool> MapAsync(NpgsqlConnection connection, string login, Guid objectId, CancellationToken cancellationToken)
    {
        var (exists, label) = await FindAsync(connection, login, cancellationToken);
        if (label?.Contains($"oid={objectId}", StringComparison.OrdinalIgnoreCase) == true)
        {
            return false;
        }
        if (exists)
        {
            // A statement without parameters: the name is quoted, the id is a GUID.
            var name = login.Replace("\"", "\"\"", StringComparison.Ordinal);
            await using var map = new NpgsqlCommand(
                $"""security label for "pgaadauth" on role "{name}" is 'aadauth,oid={objectId},type=service'""", connection);
            await map.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        await using var create = new NpgsqlCommand(
            """
            select pgaadauth_create_principal_with_oid($1, $2, 'service', false, false)
            """, connection)
        {
            Parameters = { new() { Value = login }, new() { Value = objectId.ToString() } },
        };
        await create.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }

    private static async Task<(bool Exists, string? Label)> FindAsync(
        NpgsqlConnection connection, string login, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            select l.label
            from pg_catalog.pg_roles r
            left join pg_catalog.pg_shseclabel l
                on l.objoid = r.oid and l.classoid = 'pg_catalog.pg_authid'::regclass and l.provider = 'pgaadauth'
            where r.rolname = $1
            """, connection)
        {
            Parameters = { new() { Value = login } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var exists = await reader.ReadAsync(cancellationToken);
        return (exists, exists && !await reader.IsDBNullAsync(0, cancellationToken) ? reader.GetString(0) : null);
    }
}
