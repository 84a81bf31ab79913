using Azure.Core;

namespace SalesBrain.Tests.Database;

/// <summary>A credential whose tokens and failures a test chooses.</summary>
internal sealed class IssuedTokens(string token) : TokenCredential
{
    private readonly List<string> _scopes = [];

    /// <summary>The next token. Shaped like a real one.</summary>
    internal string Token { get; set; } = token;

    /// <summary>While not null, there is no token, for this reason.</summary>
    internal string? Failure { get; set; }

    /// <summary>The scopes of all requests.</summary>
    internal IReadOnlyList<string> Scopes
    {
        get
        {
            lock (_scopes)
            {
                return [.. _scopes];
            }
        }
    }

    /// <summary>A token that no other test uses.</summary>
    internal static string New() => $"eyJ0eXAiOiJKV1QifQ.{Guid.NewGuid():N}.{Guid.NewGuid():N}";

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        lock (_scopes)
        {
            _scopes.AddRange(requestContext.Scopes);
        }
        return Failure is null ? new AccessToken(Token, DateTimeOffset.UtcNow.AddHours(1)) : throw new InvalidOperationException(Failure);
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));
}
