using System.Buffers.Text;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace SalesBrain.Core.Access;

/// <summary>
/// JSON Web Tokens (RFC 7519): HS256 under a small set of our own keys, signed and validated by
/// <c>Microsoft.IdentityModel.JsonWebTokens</c>.
/// <para>
/// The library accepts more than we write, so our own checks come first. The header segment is looked up among the few we write, one per
/// key; the signature is compared in its encoded form; only a payload that one of our keys signed is parsed, strictly. So <c>alg</c> and
/// <c>typ</c> can only be ours, <c>jku</c>, <c>x5u</c>, <c>jwk</c>, <c>crit</c> and repeated members can't occur, and each segment has one
/// spelling.
/// </para>
/// </summary>
public sealed class AccessTokens : IAccessTokens
{
    /// <summary>Longest token that is verified, in characters; ours have some 600.</summary>
    public const int MaxLength = 4096;

    /// <summary>How far the clocks of two instances may differ.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MaxLength };
    private readonly TokenValidationParameters parameters;
    private readonly string issuer;
    private readonly string audience;
    private readonly long lifetimeSeconds;
    private readonly string signingHeader;
    private readonly FrozenDictionary<string, SigningCredentials> keyByHeader;

    /// <summary>Throws <see cref="ArgumentException"/> with the first of <see cref="AccessTokenOptions.Problems"/>.</summary>
    public AccessTokens(AccessTokenOptions options)
    {
        if (options.Problems() is [var problem, ..])
        {
            throw new ArgumentException(problem, nameof(options));
        }
        issuer = options.Issuer;
        audience = options.Audience;
        lifetimeSeconds = (long)options.Lifetime.TotalSeconds;
        signingHeader = Header(options.Keys[0].Id);
        keyByHeader = options.Keys.ToFrozenDictionary(key => Header(key.Id), key => Hs256(Convert.FromBase64String(key.Secret), key.Id));
        parameters = new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidTypes = [JwtConstants.HeaderType],
            ValidIssuer = issuer,
            ValidAudience = audience,
            // The library's defaults would also accept an audience with a trailing slash, and any key if none matches the kid.
            IgnoreTrailingSlashWhenValidatingAudience = false,
            TryAllIssuerSigningKeys = false,
            IssuerSigningKeys = [.. keyByHeader.Values.Select(key => key.Key)],
        };
    }

    /// <inheritdoc/>
    public (string Token, DateTimeOffset Expires) Issue(AccessTokenClaims claims, DateTimeOffset now)
    {
        if (!HasValidScope(claims))
        {
            throw new ArgumentException(
                $"The claims must name exactly the organization, agency or client that {claims.Role.Name()} needs.", nameof(claims));
        }
        var issued = now.ToUnixTimeSeconds();
        var payload = new AccessTokenPayload
        {
            Iss = issuer,
            Aud = audience,
            Sub = claims.UserId,
            Org = claims.OrganizationId,
            Agency = claims.AgencyId,
            Client = claims.ClientId,
            Role = claims.Role.Name(),
            Sid = claims.SessionId,
            Iat = issued,
            Nbf = issued,
            Exp = issued + lifetimeSeconds,
        };
        // Not the handler's CreateToken: it writes the header's members in another order, and the header must be one of keyByHeader.
        var signed = $"{signingHeader}.{payload.Encode()}";
        return ($"{signed}.{JwtTokenUtilities.CreateEncodedSignature(signed, keyByHeader[signingHeader])}", DateTimeOffset.FromUnixTimeSeconds(payload.Exp));
    }

    /// <inheritdoc/>
    public AccessTokenResult Verify(string token, DateTimeOffset now)
    {
        if (token.Length > MaxLength)
        {
            return Refused(AccessTokenRefusal.TooLong);
        }
        if (token.Split('.', 4) is not [var header, var encodedPayload, var signature])
        {
            return Refused(AccessTokenRefusal.NotThreeSegments);
        }
        if (!keyByHeader.TryGetValue(header, out var key))
        {
            return Refused(AccessTokenRefusal.UnknownHeader);
        }
        // The handler checks the signature again, but parses the payload first.
        if (!IsSignature(signature, key, token[..(header.Length + 1 + encodedPayload.Length)]))
        {
            return Refused(AccessTokenRefusal.BadSignature);
        }
        if (AccessTokenPayload.Read(encodedPayload) is not { } payload || !Roles.TryParse(payload.Role, out var role))
        {
            return Refused(AccessTokenRefusal.BadPayload);
        }
        if (Validate(token, payload, now) is { } reason)
        {
            return Refused(reason);
        }
        var claims = new AccessTokenClaims(payload.Sub, role, payload.Sid, payload.Org, payload.Agency, payload.Client);
        return HasValidScope(claims) ? new AccessTokenResult(claims, null) : Refused(AccessTokenRefusal.BadPayload);
    }

    /// <summary>
    /// Whether the segment is the HMAC-SHA256 of the text before it (RFC 7515, section 5.2). Comparing encoded text in constant time leaves
    /// no room for padding, blanks or stray trailing bits.
    /// </summary>
    internal static bool IsSignature(ReadOnlySpan<char> segment, byte[] secret, string signed) =>
        IsSignature(segment, Hs256(secret, keyId: null), signed);

    private static bool IsSignature(ReadOnlySpan<char> segment, SigningCredentials key, string signed) =>
        CryptographicOperations.FixedTimeEquals(
            MemoryMarshal.AsBytes(segment), MemoryMarshal.AsBytes(JwtTokenUtilities.CreateEncodedSignature(signed, key).AsSpan()));

    /// <summary>Has the library validate algorithm, key, signature, type, issuer, audience and times. Null if the token is valid.</summary>
    private AccessTokenRefusal? Validate(string token, AccessTokenPayload payload, DateTimeOffset now)
    {
        // Without a validator of times the library reads the system's clock, and it never looks at iat.
        var outsideLifetime = OutsideLifetime(payload, now);
        var parametersNow = parameters.Clone();
        parametersNow.LifetimeValidator = (_, _, _, _) => outsideLifetime is null;

        var validation = handler.ValidateTokenAsync(token, parametersNow);
        // Only fetching keys is asynchronous, and ours are in the parameters.
        if (!validation.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("Validating a token must complete synchronously.");
        }
        return validation.Result switch
        {
            { IsValid: true } => null,
            { Exception: SecurityTokenInvalidIssuerException } => AccessTokenRefusal.WrongIssuer,
            { Exception: SecurityTokenInvalidAudienceException } => AccessTokenRefusal.WrongAudience,
            { Exception: SecurityTokenInvalidLifetimeException } => outsideLifetime ?? AccessTokenRefusal.Expired,
            { Exception: SecurityTokenInvalidSignatureException } => AccessTokenRefusal.BadSignature,
            _ => AccessTokenRefusal.BadPayload,
        };
    }

    private static AccessTokenRefusal? OutsideLifetime(AccessTokenPayload payload, DateTimeOffset now)
    {
        var (clock, skew) = (now.ToUnixTimeSeconds(), (long)Skew.TotalSeconds);
        if (payload.Nbf > clock + skew || payload.Iat > clock + skew)
        {
            return AccessTokenRefusal.NotYetValid;
        }
        return payload.Exp <= clock - skew ? AccessTokenRefusal.Expired : null;
    }

    private static SigningCredentials Hs256(byte[] secret, string? keyId) =>
        new(new SymmetricSecurityKey(secret) { KeyId = keyId }, SecurityAlgorithms.HmacSha256);

    /// <summary>Key ids hold nothing that JSON would escape.</summary>
    private static string Header(string keyId) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"HS256","typ":"JWT","kid":"{{keyId}}"}"""));

    private static bool HasValidScope(AccessTokenClaims claims) =>
        RoleRules.IsValid(new RoleScope(claims.Role, claims.OrganizationId, claims.AgencyId, claims.ClientId));

    private static AccessTokenResult Refused(AccessTokenRefusal reason) => new(null, reason);
}
