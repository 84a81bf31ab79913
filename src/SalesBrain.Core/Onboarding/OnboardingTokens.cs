using System.Security.Cryptography;
using System.Text;

namespace SalesBrain.Core.Onboarding;

/// <summary>
/// The secret in an onboarding link: 32 letters and digits, about 190 random bits. <c>app.generate_onboarding_token()</c> makes the same in the
/// database; the app makes its own, so that no statement ever carries one.
/// </summary>
public static class OnboardingTokens
{
    /// <summary>Characters of every token.</summary>
    public const int Length = 32;

    /// <summary>The purpose tokens are sealed for, so that an administrator can copy a link again.</summary>
    public const string Purpose = "onboarding_link.token";

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A new token, of a cryptographic generator without modulo bias.</summary>
    public static string Create() => RandomNumberGenerator.GetString(Alphabet, Length);

    /// <summary>What is stored of a token and looked up by; null for a text that no token can be, which is not worth a look.</summary>
    public static byte[]? Hash(string token) =>
        token.Length == Length && token.All(char.IsAsciiLetterOrDigit) ? SHA256.HashData(Encoding.ASCII.GetBytes(token)) : null;
}
