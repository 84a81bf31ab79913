namespace SalesBrain.Core.Access;

/// <summary>The <c>Jwt</c> settings. Classes, not records: a record's <c>ToString</c> would print the secrets.</summary>
public sealed class AccessTokenOptions
{
    /// <summary>HS256 requires a key at least as long as its hash (RFC 7518, section 3.2).</summary>
    public const int MinimumSecretBytes = 32;

    /// <summary>The <c>iss</c> of every token; others are refused.</summary>
    public string Issuer { get; init; } = "salesbrain";

    /// <summary>The <c>aud</c> of every token; others are refused.</summary>
    public string Audience { get; init; } = "salesbrain-api";

    /// <summary>Lifetime of a token.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// The first key signs, all verify. To change keys without an interruption, first add the new one as the second on every instance, then
    /// put it first, then remove the old one when its last token has expired (docs/configuration.md).
    /// </summary>
    public IReadOnlyList<AccessTokenKey> Keys { get; init; } = [];

    /// <summary>
    /// The problems with the settings, one sentence each that begins with the setting's name. Empty if the settings are valid.
    /// </summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        CheckText("Jwt__Issuer", Issuer);
        CheckText("Jwt__Audience", Audience);
        if (Lifetime < TimeSpan.FromMinutes(1) || Lifetime > TimeSpan.FromDays(1))
        {
            problems.Add("Jwt__Lifetime must be between 1 minute and 1 day, for example 00:15:00.");
        }
        if (Keys.Count == 0)
        {
            problems.Add(
                "Jwt__Keys__0__Id and Jwt__Keys__0__Secret must be set to a name for the key and base64 of at least 32 random bytes.");
        }
        for (var i = 0; i < Keys.Count; i++)
        {
            var (id, secret) = (Keys[i].Id, Keys[i].Secret);
            if (!IsKeyId(id))
            {
                problems.Add($"Jwt__Keys__{i}__Id must be 1 to 64 letters, digits, dots, dashes or underscores.");
            }
            else if (Keys.Take(i).Any(key => key.Id == id))
            {
                problems.Add($"Jwt__Keys__{i}__Id must differ from the ids before it.");
            }
            if (IsUnresolved(secret))
            {
                problems.Add(Unresolved($"Jwt__Keys__{i}__Secret"));
            }
            else if (!Convert.TryFromBase64String(secret, new byte[secret.Length], out var length) || length < MinimumSecretBytes)
            {
                problems.Add($"Jwt__Keys__{i}__Secret must be base64 of at least 32 random bytes.");
            }
        }
        return problems;

        void CheckText(string setting, string value)
        {
            if (IsUnresolved(value))
            {
                problems.Add(Unresolved(setting));
            }
            else if (string.IsNullOrWhiteSpace(value) || value.Length > 200)
            {
                problems.Add($"{setting} must be 1 to 200 characters.");
            }
        }
    }

    /// <summary>App Service hands over the reference itself when it could not read the vault.</summary>
    private static bool IsUnresolved(string value) => value.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase);

    private static string Unresolved(string setting) =>
        $"{setting} is a Key Vault reference that was not resolved: check the secret's name and the app's access to the vault.";

    private static bool IsKeyId(string id) =>
        id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}

/// <summary>A signing key: the <c>kid</c> that names it in tokens, and base64 of its bytes.</summary>
public sealed class AccessTokenKey
{
    public string Id { get; init; } = "";

    public string Secret { get; init; } = "";
}
