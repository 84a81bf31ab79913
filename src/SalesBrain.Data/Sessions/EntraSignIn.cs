using System.Text.RegularExpressions;
using Azure.Core;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace SalesBrain.Data.Sessions;

/// <summary>Signs in to Azure Database for PostgreSQL with Microsoft Entra: an access token is the password of a new connection.</summary>
public sealed partial class EntraSignIn(TokenCredential credential, ILogger logger)
{
    private static readonly TokenRequestContext Scope = new(["https://ossrdbms-aad.database.windows.net/.default"]);

    /// <summary>
    /// Time between two requests for a token. The credential returns its cached token until 5 minutes before it expires, so the interval
    /// must be shorter than that.
    /// </summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Time until the next attempt after a failure. Until then, new connections use the previous token.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What keeps a connection string from being used with a token; null if nothing does. Begins with "must".</summary>
    public static string? FindProblem(NpgsqlConnectionStringBuilder connection)
    {
        if (connection.Password is not null || connection.Passfile is not null)
        {
            return "must not contain a password: a token is the password";
        }
        if (string.IsNullOrEmpty(connection.Username))
        {
            return "must contain Username: a token does not say which login it is for";
        }
        // Whoever answers in the server's place would get the token.
        return connection.SslMode is SslMode.VerifyFull or SslMode.VerifyCA || IsThisMachine(connection.Host)
            ? null
            : "must contain Ssl Mode=VerifyFull: a token is sent to the server";
    }

    /// <summary>Makes the connections of a data source sign in with tokens.</summary>
    public void Configure(NpgsqlDataSourceBuilder builder) => builder.UsePeriodicPasswordProvider(
        (connection, cancellationToken) => GetTokenAsync(connection.Username!, cancellationToken), RefreshInterval, RetryInterval);

    /// <summary>Requests a token. Throws <see cref="EntraSignInException"/>, and logs the reason once.</summary>
    public async ValueTask<string> GetTokenAsync(string login, CancellationToken cancellationToken)
    {
        try
        {
            return (await credential.GetTokenAsync(Scope, cancellationToken)).Token;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var reason = InOneLine(e.Message);
            LogFailure(logger, login, RetryInterval, reason);
            // Without the inner exception, whose text is not ours.
            throw new EntraSignInException($"There is no access token for the login {login}: {reason}");
        }
    }

    private static bool IsThisMachine(string? host) => host is "localhost" or "127.0.0.1" or "::1" || host?.StartsWith('/') == true;

    private static string InOneLine(string message)
    {
        var line = TokenPattern().Replace(message.ReplaceLineEndings(" "), "(token)");
        return line.Length > 500 ? line[..500] : line;
    }

    [LoggerMessage(LogLevel.Error, "No access token for the database login {Login}; next attempt in {RetryInterval}: {Reason}")]
    private static partial void LogFailure(ILogger logger, string login, TimeSpan retryInterval, string reason);

    /// <summary>A signed token: three parts of base64url, of which the first begins with an encoded brace.</summary>
    [GeneratedRegex(
        @"eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(\.[A-Za-z0-9_-]*)?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex TokenPattern();
}

/// <summary>Microsoft Entra returned no access token. The message says why, and contains no token.</summary>
public sealed class EntraSignInException(string message) : Exception(message);
