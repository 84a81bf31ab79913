namespace SalesBrain.Core.Webhooks.Endpoints;

/// <summary>An endpoint that fell silent, or that receives again.</summary>
public sealed record SilenceChange
{
    public Guid EndpointId { get; init; }
    public Guid OrganizationId { get; init; }
    public string Source { get; init; } = "";
    public string Name { get; init; } = "";
    public int ExpectEverySeconds { get; init; }

    /// <summary>Whether it is silent now, or was and is no more.</summary>
    public bool IsSilent { get; init; }

    /// <summary>When the newest event was received or the endpoint was last changed, whichever is later.</summary>
    public DateTime SilentSince { get; init; }

    /// <summary>When the newest event was received; null if there is none.</summary>
    public DateTime? ReceivedAt { get; init; }

    /// <summary>Deliveries that were refused since then.</summary>
    public long Refused { get; init; }
}
