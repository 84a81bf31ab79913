using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Receiving.Bodies;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Receiving;

namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>
/// Stores events as if they had just been delivered to an endpoint, because a person says that they are good: nothing is authenticated, but
/// an endpoint that takes nothing takes these neither.
/// </summary>
public sealed class VouchedIntake(WebhookIntake intake)
{
    private const int Attempts = 3;

    /// <summary>Stores all elements or none and returns after the commit; or says why the endpoint takes none.</summary>
    /// <param name="session">Where the endpoint is looked up; the events are stored by themselves.</param>
    /// <param name="endpointId">The endpoint.</param>
    /// <param name="elements">What would have been delivered.</param>
    /// <param name="complete">Adds to the origin what is known of the delivery.</param>
    /// <param name="cancellationToken">Ends the wait; what is on its way to disk may still get there.</param>
    public async Task<VouchedResult> StoreAsync(
        DatabaseSession session, Guid endpointId, IReadOnlyList<WebhookBodyElement> elements, Func<WebhookOrigin, WebhookOrigin> complete,
        CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var endpoint = await ReceivingEndpoints.FindByIdAsync(session, endpointId, cancellationToken);
            if (RefusalOf(endpoint) is { } refusal)
            {
                return new VouchedResult([], refusal);
            }
            var origin = new WebhookOrigin
            {
                Source = EventSources.Find(endpoint!.Source)!,
                OrganizationId = endpoint.OrganizationId,
                EndpointId = endpoint.Id,
                EndpointVersion = endpoint.Version,
            };
            if (await intake.StoreAsync(complete(origin), elements, cancellationToken) is { } stored)
            {
                return new VouchedResult(stored, null);
            }
        }
        return new VouchedResult([], "Another request is changing the webhook endpoint. Try again.");
    }

    private static string? RefusalOf(ReceivingEndpoint? endpoint) => endpoint switch
    {
        null => "The webhook endpoint was deleted.",
        { OrganizationStatus: not "active" } => "The organization is suspended.",
        { Status: not "active" } => "The webhook endpoint is disabled.",
        _ => null,
    };
}

/// <summary>What was stored, or a sentence that says why nothing was.</summary>
public sealed record VouchedResult(IReadOnlyList<StoredWebhook> Stored, string? Refusal);
