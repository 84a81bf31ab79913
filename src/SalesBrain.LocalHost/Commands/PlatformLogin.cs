using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Composition;
using SalesBrain.Functions.Configuration;

namespace SalesBrain.LocalHost.Commands;

/// <summary>The database of <c>ConnectionStrings__SalesBrainPlatform</c>, for commands that open platform sessions only.</summary>
internal static class PlatformLogin
{
    internal const string Setting = "ConnectionStrings__SalesBrainPlatform";

    /// <param name="settings">The settings. A problem ends the command.</param>
    /// <param name="commandTimeoutSeconds">How long a statement may take.</param>
    internal static DatabaseOptions Read(SettingsReader settings, int commandTimeoutSeconds = 30)
    {
        var login = DatabaseSettings.ReadLogin(settings, "Platform", "salesbrain_platform");
        settings.ThrowIfAnyProblem();
        return new()
        {
            PlatformConnectionString = login.ConnectionString,
            PlatformCredential = login.Credential,
            // No tenant session is opened.
            TenantConnectionString = login.ConnectionString,
            CommandTimeoutSeconds = commandTimeoutSeconds,
        };
    }
}
