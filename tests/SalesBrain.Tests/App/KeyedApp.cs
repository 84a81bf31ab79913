using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Core.Auth;
using SalesBrain.Core.Security;
using SalesBrain.LocalHost.Development;

namespace SalesBrain.Tests.App;

/// <summary>The keys of an instance, first to last, by their ids.</summary>
public sealed record TestKeys(string[] Jwt, string[] Data)
{
    /// <summary>As settings.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        .. Jwt.SelectMany((id, i) => Setting("Jwt", i, id)),
        .. Data.SelectMany((id, i) => Setting("DataKeys", i, id)),
    ];

    /// <summary>As environment variables.</summary>
    public Dictionary<string, string> Variables =>
        Settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!);

    /// <summary>Opens and seals with these data keys.</summary>
    public SecretBox Box => new(new DataKeys { Keys = [.. Data.Select(id => new DataKey { Id = id, Secret = Secret(id) })] });

    /// <summary>A key has the same secret wherever its id is used.</summary>
    private static string Secret(string id) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private static IEnumerable<KeyValuePair<string, string?>> Setting(string section, int index, string id) =>
        [new($"{section}:Keys:{index}:Id", id), new($"{section}:Keys:{index}:Secret", Secret(id))];
}

/// <summary>
/// An instance of the app with keys of the test's choosing, and with cheap password hashes. With <paramref name="first"/> it serves the
/// database of another instance, by the same clock.
/// </summary>
public sealed class KeyedApp(TestKeys keys, KeyedApp? first = null) : TestApp
{
    public FakeTimeProvider Time { get; } = first?.Time ?? new(DateTimeOffset.UtcNow);

    public override TimeProvider? Clock => Time;

    protected override IEnumerable<KeyValuePair<string, string?>> Keys => keys.Settings;

    /// <summary>Starts it.</summary>
    public static async Task<KeyedApp> StartAsync(TestKeys keys, KeyedApp? first = null)
    {
        var app = new KeyedApp(keys, first);
        await app.InitializeAsync();
        return app;
    }

    protected override void AddServices(IServiceCollection services) =>
        services.AddSingleton(
            provider => new Passwords(Environment.ProcessorCount, provider.GetRequiredService<TimeProvider>(), iterations: 1000));

    protected override Task<DatabaseConnections> CreateDatabaseAsync() =>
        first is null ? base.CreateDatabaseAsync() : Task.FromResult(first.Database);

    protected override Task DropDatabaseAsync() => first is null ? base.DropDatabaseAsync() : Task.CompletedTask;
}
