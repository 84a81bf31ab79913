using SalesBrain.Core.Tenants;

namespace SalesBrain.Integrations.Genesys;

/// <summary>Where people sign in with Genesys, and as which OAuth client.</summary>
// A class, not a record: a record's ToString would print the secrets.
public sealed class GenesysOptions
{
    /// <summary>The name of the region that the sandbox is.</summary>
    public const string Sandbox = "sandbox";

    /// <summary>The OAuth clients by region.</summary>
    public IReadOnlyDictionary<string, GenesysOAuthClient> Clients { get; init; } = new Dictionary<string, GenesysOAuthClient>();

    /// <summary>The base URL of the sandbox, on this machine; null without it.</summary>
    public Uri? SandboxUrl { get; init; }

    /// <summary>The regions in which people can sign in, by name.</summary>
    public IReadOnlyList<string> Regions => [.. Clients.Keys.Order(StringComparer.Ordinal)];

    internal Uri LoginUrl(string region) => region == Sandbox ? Below(SandboxUrl!, "login") : GenesysRegions.LoginUrl(region);

    internal Uri ApiUrl(string region) => region == Sandbox ? Below(SandboxUrl!, "api") : GenesysRegions.ApiUrl(region);

    internal static Uri Below(Uri baseUrl, string path) => new($"{baseUrl.AbsoluteUri.TrimEnd('/')}/{path}");
}

/// <summary>An OAuth client in a region.</summary>
public sealed class GenesysOAuthClient(string id, string secret)
{
    public string Id { get; } = id;

    public string Secret { get; } = secret;
}
