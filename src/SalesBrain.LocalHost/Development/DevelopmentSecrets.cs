using System.Security.Cryptography;
using System.Text.Json;
using SalesBrain.LocalHost.Postgres;

namespace SalesBrain.LocalHost.Development;

/// <summary>
/// Secrets of a development checkout, generated once and stored in its git-ignored folder. Outside Development each of them is a required
/// setting.
/// </summary>
internal sealed record DevelopmentSecrets
{
    public required string OwnerPassword { get; init; }
    public required string TenantPassword { get; init; }
    public required string PlatformPassword { get; init; }
    public required string JwtKey { get; init; }
    public required string DataKey { get; init; }

    /// <summary>Where the demo organizations receive webhooks: by organization slug, the token in the URL.</summary>
    public required IReadOnlyDictionary<string, string> DemoWebhookTokens { get; init; }

    internal RolePasswords RolePasswords => new(OwnerPassword, TenantPassword, PlatformPassword);

    /// <summary>Reads the file and adds missing secrets. Existing secrets never change, because the database depends on them.</summary>
    internal static async Task<DevelopmentSecrets> LoadOrCreateAsync(
        string folder, IEnumerable<string> demoOrganizations, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "development-secrets.json");
        using var alone = await FileLock.ExclusiveAsync($"{path}.lock", cancellationToken);
        var text = File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : "{}";
        var kept = Read(text);
        var secrets = new DevelopmentSecrets
        {
            OwnerPassword = kept.OwnerPassword ?? Password(),
            TenantPassword = kept.TenantPassword ?? Password(),
            PlatformPassword = kept.PlatformPassword ?? Password(),
            JwtKey = kept.JwtKey ?? Key(),
            DataKey = kept.DataKey ?? Key(),
            DemoWebhookTokens = demoOrganizations.ToDictionary(
                slug => slug, slug => kept.DemoWebhookTokens?.GetValueOrDefault(slug) ?? Token()),
        };
        var complete = JsonSerializer.Serialize(secrets);
        if (complete != text)
        {
            UnixFolder.WriteSecret($"{path}.new", complete);
            File.Move($"{path}.new", path, overwrite: true);
        }
        return secrets;
    }

    /// <summary>The app's settings among them.</summary>
    internal IEnumerable<KeyValuePair<string, string?>> AsSettings() =>
    [
        new("Jwt:Keys:0:Id", "development"),
        new("Jwt:Keys:0:Secret", JwtKey),
        new("DataKeys:Keys:0:Id", "development"),
        new("DataKeys:Keys:0:Secret", DataKey),
    ];

    private static Kept Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Kept>(text) ?? new Kept();
        }
        catch (JsonException)
        {
            // A manual edit, because the file is never written in place: generate it again.
            return new Kept();
        }
    }

    private static string Password() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private static string Key() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static string Token() => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What an earlier build wrote may lack some.</summary>
    private sealed record Kept(
        string? OwnerPassword = null, string? TenantPassword = null, string? PlatformPassword = null, string? JwtKey = null,
        string? DataKey = null, Dictionary<string, string>? DemoWebhookTokens = null);
}
