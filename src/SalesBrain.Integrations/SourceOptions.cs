namespace SalesBrain.Integrations;

/// <summary>Settings <c>Sources__…</c>: where the vendors are.</summary>
public sealed record SourceOptions
{
    public Uri ApolloUrl { get; init; } = new("https://api.apollo.io");

    public Uri ZoominfoUrl { get; init; } = new("https://api.zoominfo.com");

    /// <summary>Where ZoomInfo's GTM API gives out tokens.</summary>
    public Uri ZoominfoTokenUrl { get; init; } = new("https://okta-login.zoominfo.com/oauth2/default/v1/token");

    public Uri LinkedinUrl { get; init; } = new("https://api.linkedin.com");

    /// <summary>The month of LinkedIn's API (<c>YYYYMM</c>). LinkedIn retires a version after about a year.</summary>
    public string LinkedinVersion { get; init; } = "202609";

    /// <summary>Whether sources may be on this machine, with http. For development only.</summary>
    public bool AllowLoopback { get; init; }
}
