namespace SalesBrain.Integrations;

/// <summary>What a data source reads from.</summary>
public enum SourceType
{
    /// <summary>LinkedIn Lead Sync: answers to an ad account's lead forms. Profiles are never scraped.</summary>
    Linkedin,
    /// <summary>Apollo.io: people search, then enrichment where the job asks for e-mail addresses.</summary>
    Apollo,
    /// <summary>ZoomInfo: the GTM Data API, or the legacy Enterprise API.</summary>
    Zoominfo,
    /// <summary>Any REST endpoint that returns JSON.</summary>
    Api,
    /// <summary>A file that a user uploaded.</summary>
    Csv,
}
