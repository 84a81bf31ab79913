using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Receiving.Bodies;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Receiving;

namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>
/// Stores events as if they had just been delivered to an endpoint. The caller vouches for them, so they are not authenticated. A disabled
/// endpoint accepts none.
/// </summary>
public sealed class VouchedIntake(WebhookIntake intake)
{
    private const int Attempts = 3;

    /// <summary>Stores all elements or none and returns after the commit, or returns why the endpoint accepts none.</summary>
    /// <param name="session">The session for looking up the endpoint. The events are stored separately.</param>
    /// <param name="endpointId">The endpoint.</param>
    /// <param name="elements">The elements of the delivery.</param>
    /// <param name="complete">Completes the origin with the data of the delivery.</param>
    /// <param name="cancellationToken">Stops waiting. Events that are being written may still be stored.</param>
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

/// <summary>The stored events, or a sentence that explains why none were stored.</summary>
public sealed record VouchedResult(IReadOnlyList<StoredWebhook> Stored, string? Refusal);
