using SalesBrain.Core.Access;

namespace SalesBrain.Functions.Auth;

/// <summary>Tokens (RFC 6749, section 5.1).</summary>
// A class, not a record: a record's ToString would print them.
public class TokenResponse
{
    /// <summary>Send it as <c>Authorization: Bearer</c>.</summary>
    public required string AccessToken { get; init; }

    public string TokenType => "Bearer";

    /// <summary>Lifetime of the access token in seconds.</summary>
    public required int ExpiresIn { get; init; }

    /// <summary>Valid for one call of the refresh endpoint within 14 days.</summary>
    public required string RefreshToken { get; init; }

    internal static (string AccessToken, int ExpiresIn) Issue(IAccessTokens tokens, AccessTokenClaims claims, DateTimeOffset now)
    {
        var (token, expires) = tokens.Issue(claims, now);
        return (token, (int)Math.Ceiling((expires - now).TotalSeconds));
    }
}
