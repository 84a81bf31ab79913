using System.Diagnostics.CodeAnalysis;

namespace SalesBrain.Core.Access;

/// <summary>Issues and verifies access tokens.</summary>
public interface IAccessTokens
{
    /// <summary>
    /// Creates a signed token and returns it with its expiry. Throws <see cref="ArgumentException"/> for claims that
    /// <see cref="RoleRules.IsValid"/> refuses.
    /// </summary>
    (string Token, DateTimeOffset Expires) Issue(AccessTokenClaims claims, DateTimeOffset now);

    /// <summary>Verifies a token from a request. Never throws, whatever the token contains.</summary>
    AccessTokenResult Verify(string token, DateTimeOffset now);
}

/// <summary>
/// Who the bearer is. Which of organization, agency and client are set depends on the role (<see cref="RoleRules.IsValid"/>).
/// </summary>
public sealed record AccessTokenClaims(
    Guid UserId, Role Role, Guid SessionId, Guid? OrganizationId, Guid? AgencyId = null, Guid? ClientId = null);

/// <summary>The claims of a good token, or why it was refused; the reason is for the log, callers only learn 401.</summary>
public sealed record AccessTokenResult(AccessTokenClaims? Claims, AccessTokenRefusal? Refusal)
{
    [MemberNotNullWhen(true, nameof(Claims))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsValid => Claims is not null;
}

/// <summary>Why a token was refused.</summary>
public enum AccessTokenRefusal
{
    /// <summary>Over 4 KiB.</summary>
    TooLong,

    /// <summary>Not three segments.</summary>
    NotThreeSegments,

    /// <summary>The header isn't, byte for byte, one that we write: another algorithm, type or key, or a member more.</summary>
    UnknownHeader,

    /// <summary>The signature is missing or doesn't belong to this header and payload.</summary>
    BadSignature,

    /// <summary>
    /// Signed by one of our keys, but not what we sign: a claim is missing, doubled or malformed, or the scope isn't the role's.
    /// </summary>
    BadPayload,

    /// <summary>For another issuer than ours.</summary>
    WrongIssuer,

    /// <summary>For another audience than ours.</summary>
    WrongAudience,

    /// <summary>From the future by more than clocks may differ.</summary>
    NotYetValid,

    /// <summary>Past its time by more than clocks may differ.</summary>
    Expired,
}
