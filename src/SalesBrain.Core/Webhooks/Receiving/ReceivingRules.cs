namespace SalesBrain.Core.Webhooks.Receiving;

/// <summary>Decides whether an endpoint may receive. Every way of storing events at an endpoint uses this decision.</summary>
public static class ReceivingRules
{
    private const string Active = "active";

    /// <summary>
    /// Why the endpoint may not receive; null if it may. A null state is that of an endpoint that does not exist or was deleted. The
    /// organization's suspension comes before the endpoint's own status.
    /// </summary>
    public static WebhookRefusal? RefusalOf(ReceivingState? state) => state switch
    {
        null => WebhookRefusal.Deleted,
        { OrganizationStatus: not Active } => WebhookRefusal.Suspended,
        { EndpointStatus: not Active } => WebhookRefusal.Disabled,
        _ => null,
    };
}

/// <summary>What decides whether an endpoint that exists may receive.</summary>
public readonly record struct ReceivingState(string EndpointStatus, string OrganizationStatus);
