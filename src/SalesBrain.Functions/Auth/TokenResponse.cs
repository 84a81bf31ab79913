using SalesBrain.Core.Access;

namespace SalesBrain.Functions.Auth;

/// <summary>Tokens (RFC 6749, section 5.1). A class, not a record: a record's <c>ToString</c> would print them.</summary>
public class TokenResponse
{
    /// <summary>Sent as <c>Authorization: Bearer</c>.</summary>
    public required string AccessToken { get; init; }

    public string TokenType => "Bearer";

    /// <summary>Seconds that the access token holds.</summary>
    public required int ExpiresIn { get; init; }

    /// <summary>Good for one call of the refresh endpoint, within 14 days.</summary>
    public required string RefreshToken { get; init; }

    internal static (string AccessToken, int ExpiresIn) Issue(IAccessTokens tokens, AccessTokenClaims claims, DateTimeOffset now)
    {
        var (token, expires) = tokens.Issue(claims, now);
        return (token, (int)Math.Ceiling((expires - now).TotalSeconds));
    }
}
