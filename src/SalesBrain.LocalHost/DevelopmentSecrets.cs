using System.Security.Cryptography;
using System.Text.Json;

namespace SalesBrain.LocalHost;

/// <summary>
/// Secrets of a development checkout, made once and kept in its git-ignored folder. Outside Development every one of them is a setting
/// without a default.
/// </summary>
internal sealed record DevelopmentSecrets(string OwnerPassword, string TenantPassword, string PlatformPassword, string JwtKey, string DataKey)
{
    internal RolePasswords RolePasswords => new(OwnerPassword, TenantPassword, PlatformPassword);

    internal static DevelopmentSecrets LoadOrCreate(string folder)
    {
        var path = Path.Combine(folder, "development-secrets.json");
        if (File.Exists(path))
        {
            try
            {
                if (JsonSerializer.Deserialize<DevelopmentSecrets>(File.ReadAllText(path)) is { OwnerPassword: not null, TenantPassword: not null, PlatformPassword: not null, JwtKey: not null, DataKey: not null } secrets)
                {
                    return secrets;
                }
            }
            catch (JsonException)
            {
                // Cut off while it was written: made anew below.
            }
        }
        Directory.CreateDirectory(folder);
        var made = new DevelopmentSecrets(Password(), Password(), Password(), Key(), Key());
        var temporary = path + ".new";
        File.WriteAllText(temporary, JsonSerializer.Serialize(made));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        File.Move(temporary, path, overwrite: true);
        return made;
    }

    internal IEnumerable<KeyValuePair<string, string?>> AsSettings() =>
    [
        new("Jwt:Keys:0:Id", "development"),
        new("Jwt:Keys:0:Secret", JwtKey),
        new("DataKeys:Keys:0:Id", "development"),
        new("DataKeys:Keys:0:Secret", DataKey),
    ];

    private static string Password() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private static string Key() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
