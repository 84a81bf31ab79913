using SalesBrain.Core.Signals;

namespace SalesBrain.Core.Webhooks.Processing;

/// <summary>Tells this process's own processor that logs are waiting.</summary>
public sealed class WebhookSignal : Signal;
