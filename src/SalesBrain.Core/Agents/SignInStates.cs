using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SalesBrain.Core.Security;

namespace SalesBrain.Core.Agents;

/// <summary>A sign-in that has gone to Genesys: the region, where to return to, and when it began.</summary>
public sealed record SignInState(string Region, string Redirect, DateTimeOffset BeganAt);

/// <summary>
/// The OAuth <c>state</c> of sign-ins. It is signed together with a secret that only the browser's cookie holds, so nothing is stored until
/// the sign-in returns, and no other browser can return it. The verifier of PKCE (RFC 7636) is derived from both. All instances agree.
/// </summary>
public sealed class SignInStates(DataKeys keys)
{
    /// <summary>How long a sign-in may take.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Longest text that is read, in characters.</summary>
    public const int MaxLength = 4000;

    /// <summary>Longest URL to return to, in characters. A state with it is shorter than <see cref="MaxLength"/>.</summary>
    public const int MaxRedirect = 2000;

    /// <summary>URLs are ASCII, and what HTML could misread in them is not read as HTML.</summary>
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly MessageCodes _codes = new(keys, "salesbrain agent sign-in");

    /// <summary>The state of a new sign-in.</summary>
    /// <param name="state">What it stands for.</param>
    /// <param name="browserSecret">The secret in the browser's cookie.</param>
    public string Create(SignInState state, string browserSecret)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(new Payload(
            state.Region, state.Redirect, state.BeganAt.ToUnixTimeMilliseconds(),
            Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16))), Json);
        return $"{Base64Url.EncodeToString(payload)}.{Base64Url.EncodeToString(_codes.Sign(Signed(payload, browserSecret)))}";
    }

    /// <summary>What a returned state stands for; null if it is not ours, of another browser, or expired.</summary>
    public SignInState? Read(string text, string browserSecret, DateTimeOffset now)
    {
        if (text.Length > MaxLength || text.Split('.') is not [var first, var second] || !Base64Url.IsValid(first)
            || !Base64Url.IsValid(second))
        {
            return null;
        }
        var (payload, code) = (Base64Url.DecodeFromChars(first), Base64Url.DecodeFromChars(second));
        // Each state has one spelling, because it is used once by its spelling.
        if (!_codes.Verify(Signed(payload, browserSecret), code) || Base64Url.EncodeToString(payload) != first
            || Base64Url.EncodeToString(code) != second)
        {
            return null;
        }
        var read = JsonSerializer.Deserialize<Payload>(payload)!;
        var began = DateTimeOffset.FromUnixTimeMilliseconds(read.BeganAt);
        return now - began > Lifetime ? null : new SignInState(read.Region, read.Redirect, began);
    }

    /// <summary>The verifier of a sign-in: 43 characters.</summary>
    public static string VerifierOf(string text, string browserSecret) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{browserSecret}.{text}")));

    /// <summary>The challenge of a verifier, method S256.</summary>
    public static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    /// <summary>The hash has a fixed length, so the concatenation is unambiguous.</summary>
    private static byte[] Signed(byte[] payload, string browserSecret) =>
        [.. SHA256.HashData(Encoding.UTF8.GetBytes(browserSecret)), .. payload];

    private sealed record Payload(string Region, string Redirect, long BeganAt, string Nonce);
}
