using System.Security.Cryptography;
using System.Text;

namespace SalesBrain.Core.Onboarding;

/// <summary>
/// The secret in an onboarding link: 32 letters and digits, about 190 random bits. <c>app.generate_onboarding_token()</c> generates the
/// same format in the database. The app generates its own, so that no SQL statement contains a token.
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

    /// <summary>The hash that is stored and used for look-up. Null if the text cannot be a token, so that no look-up is needed.</summary>
    public static byte[]? Hash(string token) =>
        token.Length == Length && token.All(char.IsAsciiLetterOrDigit) ? SHA256.HashData(Encoding.ASCII.GetBytes(token)) : null;
}
