using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SalesBrain.Data.Sessions;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Commands;

/// <summary>The Microsoft Entra credential of whoever runs a command with <c>--entra</c>.</summary>
internal static class CommandLineCredential
{
    /// <summary>Gets a token to see that it works, before a connection is opened with the credential.</summary>
    /// <param name="name">How the user gave the connection string, for messages.</param>
    /// <param name="connection">Where the token signs in.</param>
    /// <param name="cancellationToken">Stops the sign-in.</param>
    /// <exception cref="StartupException">A token must not be used with the connection string, or nobody is signed in.</exception>
    internal static async Task<TokenCredential> SignInAsync(
        string name, NpgsqlConnectionStringBuilder connection, CancellationToken cancellationToken)
    {
        if (EntraSignIn.FindProblem(connection) is { } problem)
        {
            throw new StartupException($"{name} {problem}, because --entra is given.");
        }
        // Not the default chain, which would prefer an identity of the machine to the user or pipeline that signed in.
        var credential = new ChainedTokenCredential(
            new AzureCliCredential(), new AzureDeveloperCliCredential(), new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned));
        try
        {
            await new EntraSignIn(credential, NullLogger.Instance).GetTokenAsync(connection.Username!, cancellationToken);
        }
        catch (EntraSignInException e)
        {
            throw new StartupException($"--entra: sign in first, with az login or azd auth login. {e.Message}", e);
        }
        return credential;
    }
}
