using SalesBrain.Data.Operations;

namespace SalesBrain.Data.Webhooks;

/// <summary>Tells this process's own processor that logs are waiting.</summary>
public sealed class WebhookSignal : Signal;
