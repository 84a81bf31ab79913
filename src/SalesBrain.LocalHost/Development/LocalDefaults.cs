using System.Text.Json;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Development;

/// <summary>Default settings of a development host. Environment variables and arguments override them.</summary>
internal static class LocalDefaults
{
    /// <summary>Timers keep their schedules of <c>local.settings.sample.json</c>, the one list of them.</summary>
    internal static IEnumerable<KeyValuePair<string, string?>> Schedules { get; } = ReadSample()
        .Where(setting => setting.Key.EndsWith("Schedule", StringComparison.Ordinal))
        .Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value));

    /// <summary>Log levels (the app's own messages, warnings of all others) and the usual origins of front-end servers.</summary>
    internal static IEnumerable<KeyValuePair<string, string?>> Settings { get; } =
    [
        new("urls", "http://localhost:7071"),
        new("Cors:AllowedOrigins", "http://localhost:3000,http://localhost:4200,http://localhost:5173,http://localhost:8080"),
        new("Logging:LogLevel:Default", "Information"),
        new("Logging:LogLevel:Microsoft", "Warning"),
        new("Logging:LogLevel:Npgsql", "Warning"),
        new("Logging:LogLevel:SalesBrain.LocalHost", "Warning"),
    ];

    /// <summary>Defaults for Development only, such as e-mails that are written to a folder.</summary>
    internal static IEnumerable<KeyValuePair<string, string?>> Development { get; } =
    [
        new("Portal:BaseUrl", "http://localhost:3000"),
        new("Mail:Transport", "folder"),
        new("Mail:Folder", Path.Combine(RepositoryFolder.Local, "mail")),
    ];

    /// <summary>The <c>Values</c> of <c>local.settings.sample.json</c>, without its comments.</summary>
    internal static Dictionary<string, string> ReadSample()
    {
        using var resource = typeof(LocalDefaults).Assembly.GetManifestResourceStream("local.settings.sample.json")!;
        using var sample = JsonDocument.Parse(resource);
        return sample.RootElement.GetProperty("Values").EnumerateObject()
            .Where(value => !value.Name.StartsWith('_'))
            .ToDictionary(value => value.Name, value => value.Value.GetString()!);
    }
}
