using SalesBrain.Functions.Configuration;

namespace SalesBrain.Functions.Auth;

/// <summary>Settings <c>Portal__…</c>.</summary>
public sealed record PortalOptions
{
    /// <summary>Where people use the web portal; links in mails lead there.</summary>
    public required Uri BaseUrl { get; init; }

    internal static PortalOptions Read(SettingsReader settings) => new()
    {
        BaseUrl = settings.Url(
            "Portal__BaseUrl", "the URL of the web portal, such as https://app.example.com, the base of links in e-mails"),
    };
}
