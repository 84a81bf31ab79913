using System.Buffers.Text;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SalesBrain.Core.Access;

/// <summary>
/// JSON Web Tokens (RFC 7519) in the one form that we write: HS256 under a small set of our own keys.
/// <para>
/// Nothing a stranger sent is parsed. The header segment is looked up among the few we write, one per key; the signature is computed and
/// compared in its encoded form; only a payload that one of our keys signed is decoded. So <c>alg</c> and <c>typ</c> can only be ours, <c>jku</c>,
/// <c>x5u</c>, <c>jwk</c>, <c>crit</c> and doubled members can't occur, and there is one spelling of each segment.
/// </para>
/// </summary>
public sealed class AccessTokens : IAccessTokens
{
    /// <summary>Longest token looked at, in characters; ours have some 600.</summary>
    public const int MaxLength = 4096;

    /// <summary>How far the clocks of two instances may differ.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private static readonly JsonSerializerOptions PayloadJson = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };

    private readonly string issuer;
    private readonly string audience;
    private readonly long lifetimeSeconds;
    private readonly string signingHeader;
    private readonly FrozenDictionary<string, byte[]> secretByHeader;

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
        secretByHeader = options.Keys.ToFrozenDictionary(key => Header(key.Id), key => Convert.FromBase64String(key.Secret));
    }

    /// <inheritdoc/>
    public (string Token, DateTimeOffset Expires) Issue(AccessTokenClaims claims, DateTimeOffset now)
    {
        if (!HasValidScope(claims))
        {
            throw new ArgumentException($"The claims must name exactly the organization, agency or client that {claims.Role.Name()} needs.", nameof(claims));
        }
        var issued = now.ToUnixTimeSeconds();
        var payload = new Payload
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
        var signed = $"{signingHeader}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(payload, PayloadJson))}";
        return ($"{signed}.{Signature(secretByHeader[signingHeader], signed)}", DateTimeOffset.FromUnixTimeSeconds(payload.Exp));
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
        if (!secretByHeader.TryGetValue(header, out var secret))
        {
            return Refused(AccessTokenRefusal.UnknownHeader);
        }
        if (!IsSignature(signature, secret, token.AsSpan(0, header.Length + 1 + encodedPayload.Length)))
        {
            return Refused(AccessTokenRefusal.BadSignature);
        }
        if (ReadPayload(encodedPayload) is not { } payload || !Roles.TryParse(payload.Role, out var role))
        {
            return Refused(AccessTokenRefusal.BadPayload);
        }
        if (payload.Iss != issuer)
        {
            return Refused(AccessTokenRefusal.WrongIssuer);
        }
        if (payload.Aud != audience)
        {
            return Refused(AccessTokenRefusal.WrongAudience);
        }
        var (clock, skew) = (now.ToUnixTimeSeconds(), (long)Skew.TotalSeconds);
        if (payload.Nbf > clock + skew || payload.Iat > clock + skew)
        {
            return Refused(AccessTokenRefusal.NotYetValid);
        }
        if (payload.Exp <= clock - skew)
        {
            return Refused(AccessTokenRefusal.Expired);
        }
        var claims = new AccessTokenClaims(payload.Sub, role, payload.Sid, payload.Org, payload.Agency, payload.Client);
        return HasValidScope(claims) ? new AccessTokenResult(claims, null) : Refused(AccessTokenRefusal.BadPayload);
    }

    /// <summary>
    /// Whether the segment is the HMAC-SHA256 of the text before it (RFC 7515, section 5.2). Comparing encoded text in constant time leaves
    /// no room for padding, blanks or stray trailing bits.
    /// </summary>
    internal static bool IsSignature(ReadOnlySpan<char> segment, byte[] secret, ReadOnlySpan<char> signed) =>
        CryptographicOperations.FixedTimeEquals(
            MemoryMarshal.AsBytes(segment), MemoryMarshal.AsBytes(Signature(secret, signed).AsSpan()));

    private static string Signature(byte[] secret, ReadOnlySpan<char> signed)
    {
        // Within 4 KiB of text UTF-8 takes at most three bytes a character.
        Span<byte> text = stackalloc byte[Encoding.UTF8.GetMaxByteCount(signed.Length)];
        return Base64Url.EncodeToString(HMACSHA256.HashData(secret, text[..Encoding.UTF8.GetBytes(signed, text)]));
    }

    /// <summary>Key ids hold nothing that JSON would escape.</summary>
    private static string Header(string keyId) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"HS256","typ":"JWT","kid":"{{keyId}}"}"""));

    private static Payload? ReadPayload(string segment)
    {
        try
        {
            var json = Base64Url.DecodeFromChars(segment);
            return Base64Url.EncodeToString(json) == segment ? JsonSerializer.Deserialize<Payload>(json, PayloadJson) : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    private static bool HasValidScope(AccessTokenClaims claims) =>
        RoleRules.IsValid(new RoleScope(claims.Role, claims.OrganizationId, claims.AgencyId, claims.ClientId));

    private static AccessTokenResult Refused(AccessTokenRefusal reason) => new(null, reason);

    private sealed record Payload
    {
        public required string Iss { get; init; }

        public required string Aud { get; init; }

        public required Guid Sub { get; init; }

        public Guid? Org { get; init; }

        public Guid? Agency { get; init; }

        public Guid? Client { get; init; }

        public required string Role { get; init; }

        public required Guid Sid { get; init; }

        public required long Iat { get; init; }

        public required long Nbf { get; init; }

        public required long Exp { get; init; }
    }
}
