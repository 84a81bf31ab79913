using SalesBrain.Integrations.Forms;

namespace SalesBrain.Integrations.Zoominfo;

/// <summary>Settings of a ZoomInfo source.</summary>
/// <param name="IsLegacy">The legacy Enterprise API instead of the GTM Data API.</param>
/// <param name="PageSize">People per request, 1 to 100.</param>
internal sealed record ZoominfoConfig(bool IsLegacy, int PageSize)
{
    internal const string Gtm = "gtm";
    internal const string Legacy = "legacy";

    internal static ZoominfoConfig Read(FormReader form)
    {
        var config = new ZoominfoConfig(form.Choice("api", [Gtm, Legacy], Gtm) == Legacy, form.Number("page_size", 100, 1, 100));
        form.End();
        return config;
    }
}

/// <summary>Credentials of a ZoomInfo source: client credentials for the GTM API, user name and password for the legacy one.</summary>
internal sealed record ZoominfoCredentials(string User, string Secret)
{
    internal static ZoominfoCredentials Read(FormReader form, bool isLegacy)
    {
        var credentials = isLegacy
            ? new ZoominfoCredentials(form.Secret("username", 200), form.Secret("password", 200))
            : new ZoominfoCredentials(form.Secret("client_id", 200), form.Secret("client_secret", 500));
        form.End();
        return credentials;
    }

    /// <summary>A record's text would hold the secret.</summary>
    public override string ToString() => nameof(ZoominfoCredentials);
}
