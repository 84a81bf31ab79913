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
        new("Logging:LogLevel:Polly", "Warning"),
        new("Logging:LogLevel:SalesBrain.LocalHost", "Warning"),
    ];

    /// <summary>Defaults for Development only, such as e-mails that are written to a folder.</summary>
    internal static IEnumerable<KeyValuePair<string, string?>> Development { get; } =
    [
        new("Portal:BaseUrl", "http://localhost:3000"),
        new("Mail:Transport", "folder"),
        new("Mail:Folder", Path.Combine(RepositoryFolder.Local, "mail")),
        new("Files:Storage", "folder"),
        new("Files:Folder", Path.Combine(RepositoryFolder.Local, "files")),
        new("Sources:AllowLoopback", "true"),
    ];

    /// <summary>The vendors' stand-ins of this host, for Development only.</summary>
    internal static IEnumerable<KeyValuePair<string, string?>> Sandbox(Uri host) =>
    [
        new("Sources:ApolloUrl", new Uri(host, "sandbox/apollo").AbsoluteUri),
        new("Sources:ZoominfoUrl", new Uri(host, "sandbox/zoominfo").AbsoluteUri),
        new("Sources:ZoominfoTokenUrl", new Uri(host, "sandbox/zoominfo/token").AbsoluteUri),
        new("Sources:LinkedinUrl", new Uri(host, "sandbox/linkedin").AbsoluteUri),
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
