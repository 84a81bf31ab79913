using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SalesBrain.Data.Migrations;
using SalesBrain.Data.Sessions;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Commands;

/// <summary>
/// <c>migrate --connection …</c>: migrates a database as its owner, for deployment pipelines. With <c>--entra</c> it signs in with the
/// Microsoft Entra token of whoever is signed in at the Azure CLI, and can map the two logins to managed identities.
/// </summary>
internal static class MigrateCommand
{
    private const string Connection = "--connection";
    private const string Entra = "--entra";
    private const string TenantIdentity = "--tenant-identity";
    private const string PlatformIdentity = "--platform-identity";

    internal static async Task<int> ExecuteAsync(string[] args, CancellationToken cancellationToken)
    {
        if (!TryRead(args, out var options))
        {
            return Usage.Print();
        }
        var applied = options.Entra
            ? await MigrateWithTokenAsync(options, cancellationToken)
            : await DatabaseErrors.InOneLineAsync(
                Connection, () => Migrator.MigrateAsync(options.Connection, TimeProvider.System, cancellationToken));
        foreach (var name in applied)
        {
            Console.WriteLine($"applied {name}");
        }
        Console.WriteLine(applied.Count == 0 ? "The database is up to date." : $"{applied.Count} files applied.");
        return 0;
    }

    private static async Task<IReadOnlyList<string>> MigrateWithTokenAsync(Options options, CancellationToken cancellationToken)
    {
        var connection = await DatabaseErrors.InOneLineAsync(
            Connection, () => Task.FromResult(new NpgsqlConnectionStringBuilder(options.Connection)));
        var signIn = new EntraSignIn(
            await CommandLineCredential.SignInAsync(Connection, connection, cancellationToken), NullLogger.Instance);

        return await DatabaseErrors.InOneLineAsync(Connection, async () =>
        {
            if (options.Logins is { } logins)
            {
                var postgres = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Database = "postgres" };
                await MapAsync(postgres, signIn, logins, cancellationToken);
            }
            await using var source = Source(connection, signIn);
            return await Migrator.MigrateAsync(source, TimeProvider.System, cancellationToken);
        });
    }

    private static async Task MapAsync(
        NpgsqlConnectionStringBuilder postgres, EntraSignIn signIn, (Guid Tenant, Guid Platform) logins, CancellationToken cancellationToken)
    {
        await using var source = Source(postgres, signIn);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        foreach (var (login, objectId) in new[] { ("salesbrain_tenant", logins.Tenant), ("salesbrain_platform", logins.Platform) })
        {
            if (await EntraLogins.MapAsync(connection, login, objectId, cancellationToken))
            {
                Console.WriteLine($"mapped {login} to the identity {objectId}");
            }
        }
    }

    private static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder connection, EntraSignIn signIn)
    {
        var builder = new NpgsqlDataSourceBuilder(connection.ConnectionString);
        signIn.Configure(builder);
        return builder.Build();
    }

    private static bool TryRead(string[] args, out Options options)
    {
        options = new Options("", false, null);
        if (!CommandOptions.TryRead(args, [Connection, TenantIdentity, PlatformIdentity], [Entra], out var values))
        {
            return false;
        }
        var entra = values.ContainsKey(Entra);
        var identities = (values.ContainsKey(TenantIdentity) ? 1 : 0) + (values.ContainsKey(PlatformIdentity) ? 1 : 0);
        if (!values.TryGetValue(Connection, out var connection) || identities == 1 || identities == 2 && !entra)
        {
            return false;
        }
        options = new Options(connection, entra, identities == 2 ? (Id(values, TenantIdentity), Id(values, PlatformIdentity)) : null);
        return true;
    }

    private static Guid Id(IReadOnlyDictionary<string, string> values, string option) =>
        Guid.TryParseExact(values[option], "D", out var id)
            ? id
            : throw new StartupException($"{option} must be a GUID: the object id (principal id) of the managed identity.");

    // A class, not a record: a record's ToString would print the password.
    private sealed class Options(string connection, bool entra, (Guid Tenant, Guid Platform)? logins)
    {
        internal string Connection => connection;

        internal bool Entra => entra;

        internal (Guid Tenant, Guid Platform)? Logins => logins;
    }
}
