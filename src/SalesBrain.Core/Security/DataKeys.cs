namespace SalesBrain.Core.Security;

/// <summary>
/// The <c>DataKeys</c> settings: the keys that secrets are sealed with. Classes, not records: a record's <c>ToString</c> would print them.
/// </summary>
public sealed class DataKeys
{
    /// <summary>AES-256.</summary>
    public const int KeyBytes = 32;

    /// <summary>
    /// The first key seals, all open. To change keys without an interruption, first add the new one as the second on every instance, then
    /// put it first, then re-seal, then remove the old one (docs/configuration.md).
    /// </summary>
    public IReadOnlyList<DataKey> Keys { get; init; } = [];

    /// <summary>
    /// The problems with the settings, one sentence each that begins with the setting's name. Empty if the settings are valid.
    /// </summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (Keys.Count == 0)
        {
            problems.Add(
                "DataKeys__Keys__0__Id and DataKeys__Keys__0__Secret must be set to a name for the key and base64 of 32 random bytes.");
        }
        for (var i = 0; i < Keys.Count; i++)
        {
            var (id, secret) = (Keys[i].Id, Keys[i].Secret);
            if (id.Length is 0 or > 64 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            {
                problems.Add($"DataKeys__Keys__{i}__Id must be 1 to 64 letters, digits, dots, dashes or underscores.");
            }
            else if (Keys.Take(i).Any(key => key.Id == id))
            {
                problems.Add($"DataKeys__Keys__{i}__Id must differ from the ids before it.");
            }
            // App Service hands over the reference itself when it could not read the vault.
            if (secret.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase))
            {
                problems.Add(
                    $"DataKeys__Keys__{i}__Secret is a Key Vault reference that was not resolved: check the secret's name and the "
                    + "app's access to the vault.");
            }
            else if (!Convert.TryFromBase64String(secret, new byte[secret.Length], out var length) || length != KeyBytes)
            {
                problems.Add($"DataKeys__Keys__{i}__Secret must be base64 of 32 random bytes.");
            }
        }
        return problems;
    }
}

/// <summary>A key: its id, which is stored with each encrypted value, and base64 of its 32 bytes.</summary>
public sealed class DataKey
{
    public string Id { get; init; } = "";

    public string Secret { get; init; } = "";
}
