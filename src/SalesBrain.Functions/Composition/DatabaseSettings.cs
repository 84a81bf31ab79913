using Azure.Core;
using Azure.Identity;
using Npgsql;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Configuration;

namespace SalesBrain.Functions.Composition;

/// <summary>Settings <c>ConnectionStrings__…</c> and <c>Database__…</c>.</summary>
internal static class DatabaseSettings
{
    internal static DatabaseOptions Read(SettingsReader settings)
    {
        var tenant = ReadLogin(settings, "Tenant", "salesbrain_tenant");
        var platform = ReadLogin(settings, "Platform", "salesbrain_platform");
        settings.Check(
            tenant.ClientId.Length == 0 == (platform.ClientId.Length == 0),
            "Database__TenantClientId and Database__PlatformClientId must be set together. "
            + "Leave both empty if the connection strings contain passwords.");
        return new DatabaseOptions
        {
            TenantConnectionString = tenant.ConnectionString,
            TenantCredential = tenant.Credential,
            PlatformConnectionString = platform.ConnectionString,
            PlatformCredential = platform.Credential,
            CommandTimeoutSeconds = settings.Number(
                "Database__CommandTimeoutSeconds", "the time limit of a statement in seconds", 30, 1, 230),
        };
    }

    /// <summary>One login's connection string, and the credential if a managed identity signs in.</summary>
    internal static Login ReadLogin(SettingsReader settings, string name, string role)
    {
        var (connectionSetting, clientIdSetting) = ($"ConnectionStrings__SalesBrain{name}", $"Database__{name}ClientId");
        var connection = settings.Connection(connectionSetting, $"the connection string of the login {role}");
        var clientId = settings.Text(clientIdSetting, $"the client id of the managed identity that signs in as {role}", "");
        if (clientId.Length == 0)
        {
            return new Login(connection, clientId, null);
        }
        var isId = Guid.TryParseExact(clientId, "D", out _);
        settings.Check(isId, $"{clientIdSetting} must be a GUID: the client id of the managed identity that signs in as {role}.");
        if (connection.Length > 0 && EntraSignIn.FindProblem(new NpgsqlConnectionStringBuilder(connection)) is { } problem)
        {
            settings.Check(false, $"{connectionSetting} {problem}, because {clientIdSetting} is set.");
        }
        var credential = isId ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId)) : null;
        return new Login(connection, clientId, credential);
    }

    // A class, not a record: a record's ToString would print the password.
    internal sealed class Login(string connectionString, string clientId, TokenCredential? credential)
    {
        internal string ConnectionString => connectionString;

        /// <summary>Empty if the connection string contains the password.</summary>
        internal string ClientId => clientId;

        internal TokenCredential? Credential => credential;
    }
}
