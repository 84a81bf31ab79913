using System.Security.Cryptography;
using System.Text;
using SalesBrain.Core.Access;

namespace SalesBrain.Core.Tests.Access;

/// <summary>Makes tokens as a stranger, or a thief of a key, would: on its own, without the code under test.</summary>
internal static class TokenForge
{
    public const string Header = """{"alg":"HS256","typ":"JWT","kid":"k1"}""";

    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    public static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public static readonly byte[] OldSecret = [.. Enumerable.Range(101, 48).Select(i => (byte)i)];

    public static AccessTokenOptions Options { get; } = new()
    {
        Issuer = "https://salesbrain.example",
        Audience = "salesbrain-api",
        Keys =
        [
            new AccessTokenKey { Id = "k1", Secret = Convert.ToBase64String(Secret) },
            new AccessTokenKey { Id = "k0", Secret = Convert.ToBase64String(OldSecret) },
        ],
    };

    public static AccessTokens Tokens { get; } = new(Options);

    public static AccessTokenClaims Owner { get; } = new(
        Guid.Parse("0198c7d2-0000-7000-8000-000000000001"), Role.Owner,
        Guid.Parse("0198c7d2-0000-7000-8000-000000000002"), Guid.Parse("0198c7d2-0000-7000-8000-000000000003"));

    /// <summary>The payload of a good token for <see cref="Owner"/> at <see cref="Now"/>.</summary>
    public const string Payload =
        """
        {"iss":"https://salesbrain.example","aud":"salesbrain-api","sub":"0198c7d2-0000-7000-8000-000000000001",
        "org":"0198c7d2-0000-7000-8000-000000000003","role":"owner","sid":"0198c7d2-0000-7000-8000-000000000002",
        "iat":1800000000,"nbf":1800000000,"exp":1800000900}
        """;

    public static string Sign(string header, string payload, byte[]? secret = null) =>
        SignSegments(Encode(header), Encode(payload), secret);

    public static string SignSegments(string header, string payload, byte[]? secret = null) =>
        $"{header}.{payload}.{Encode(HMACSHA256.HashData(secret ?? Secret, Encoding.ASCII.GetBytes($"{header}.{payload}")))}";

    public static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    public static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static AccessTokenRefusal? Refusal(string token) => Tokens.Verify(token, Now).Refusal;
}
