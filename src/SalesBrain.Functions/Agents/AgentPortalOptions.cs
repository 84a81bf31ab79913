using SalesBrain.Core.Tenants;
using SalesBrain.Functions.Auth;
using SalesBrain.Functions.Configuration;
using SalesBrain.Integrations.Genesys;

namespace SalesBrain.Functions.Agents;

/// <summary>Settings <c>Genesys__…</c>.</summary>
public sealed class AgentPortalOptions
{
    private const string ClientsMeaning = "the OAuth clients by region, as region=client id:client secret, separated by semicolons";

    /// <summary>The origins to which sign-in may return, such as <c>https://agents.example.com</c>.</summary>
    public required IReadOnlyList<string> Origins { get; init; }

    /// <summary>Where sign-in returns to unless the portal asks for another place.</summary>
    public required Uri DefaultRedirect { get; init; }

    public required GenesysOptions Genesys { get; init; }

    /// <summary>Whether sign-in may return to a URL: its origin is a portal's.</summary>
    internal bool MayReturnTo(Uri url) =>
        url.Scheme is "http" or "https" && url.UserInfo.Length == 0
            && Origins.Contains(url.GetLeftPart(UriPartial.Authority), StringComparer.OrdinalIgnoreCase);

    internal static AgentPortalOptions Read(SettingsReader settings, PortalOptions portal)
    {
        const string OriginsMeaning = "origins of agent portals beside that of Portal__BaseUrl, separated by commas";
        var origins = settings.Text("Genesys__PortalOrigins", OriginsMeaning, "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        settings.Check(
            Array.TrueForAll(origins, IsOrigin),
            "Genesys__PortalOrigins must be URLs without a path, such as https://agents.example.com, separated by "
            + $"commas: {OriginsMeaning}.");
        var sandbox = settings.OptionalUrl("Genesys__SandboxUrl", "the base URL of the Genesys sandbox on this machine");
        settings.Check(
            sandbox is null || (Uri.TryCreate(sandbox, UriKind.Absolute, out var url) && url.IsLoopback),
            "Genesys__SandboxUrl must be an absolute http or https URL of this machine: the base URL of the Genesys sandbox.");
        var clients = ReadClients(settings.Text("Genesys__Clients", ClientsMeaning, ""));
        settings.Check(
            clients is not null,
            "Genesys__Clients must be region=id:secret for each region, separated by semicolons, with regions among "
            + $"{string.Join(", ", GenesysRegions.Names)}: {ClientsMeaning}.");
        clients ??= [];
        if (sandbox is not null)
        {
            clients[GenesysOptions.Sandbox] = new GenesysOAuthClient("sandbox", "sandbox-secret");
        }
        return new()
        {
            Origins = [portal.BaseUrl.GetLeftPart(UriPartial.Authority), .. origins.Select(origin => origin.TrimEnd('/'))],
            DefaultRedirect = portal.BaseUrl,
            Genesys = new GenesysOptions { Clients = clients, SandboxUrl = sandbox is null ? null : new Uri(sandbox) },
        };
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.PathAndQuery == "/"
            && url.UserInfo.Length == 0 && url.Fragment.Length == 0;

    /// <summary>Null if the text is malformed.</summary>
    private static Dictionary<string, GenesysOAuthClient>? ReadClients(string text)
    {
        var clients = new Dictionary<string, GenesysOAuthClient>(StringComparer.Ordinal);
        foreach (var entry in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.Split('=', 2, StringSplitOptions.TrimEntries) is not [var region, var client] || client.Split(':', 2) is not [{ Length: > 0 } id, { Length: > 0 } secret]
                || !GenesysRegions.IsKnown(region) || !clients.TryAdd(region, new GenesysOAuthClient(id, secret)))
            {
                return null;
            }
        }
        return clients;
    }
}
