namespace SalesBrain.Data.Webhooks.Log;

/// <summary>
/// The filter of webhook logs that the list, its count, the export and the bulk retry share. Null or empty values do not restrict the
/// result. A tenant session finds only logs of its own organization.
/// </summary>
public sealed record WebhookLogFilter
{
    public Guid? OrganizationId { get; init; }

    /// <summary>Canonical types, one of which it has.</summary>
    public IReadOnlyList<string> EventTypes { get; init; } = [];

    /// <summary>Names of sources, one of which it came from.</summary>
    public IReadOnlyList<string> EventSources { get; init; } = [];

    /// <summary>Statuses, one of which it has.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = [];

    public Guid? CampaignId { get; init; }

    /// <summary>The whole e-mail address, in any spelling.</summary>
    public string? ContactEmail { get; init; }

    /// <summary>
    /// A <see cref="Core.Paging.SearchTerm"/> in the e-mail address, the campaign's name, the event type or the error. An address that no
    /// contact has any more is only found by the whole of it.
    /// </summary>
    public string? Search { get; init; }

    /// <summary>Received at or after this time (inclusive).</summary>
    public DateTime? DateFrom { get; init; }

    /// <summary>Received before this time (exclusive).</summary>
    public DateTime? DateTo { get; init; }
}
