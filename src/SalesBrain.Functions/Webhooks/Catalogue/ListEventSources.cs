using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Identity;
using SalesBrain.Data.Webhooks.Sources;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Webhooks.Catalogue;

/// <summary>Lists where webhooks come from, for whoever filters webhooks by it or makes an endpoint.</summary>
public sealed class ListEventSources(FrontDoor frontDoor)
{
    [Function(nameof(ListEventSources))]
    [Endpoint("Webhook catalogue", "The sources of webhooks, with labels", Description = "In the order of a drop-down.")]
    [Requires(Capability.ReadWebhooks)]
    [Answers(200, typeof(EventSourceCatalogue))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/webhooks/sources")] HttpRequest request,
        CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<ListEventSources>(request, (_, _) => Task.FromResult(Answer.Ok(Catalogue)), cancellationToken);

    private static readonly EventSourceCatalogue Catalogue = new()
    {
        Sources = [.. EventSources.All.Select(source => new CataloguedEventSource { Name = source.Name, Label = source.Label, Receives = source.Receives })],
    };
}

public sealed record EventSourceCatalogue
{
    public required IReadOnlyList<CataloguedEventSource> Sources { get; init; }
}

public sealed record CataloguedEventSource
{
    /// <summary>As <c>event_source</c> of a webhook, and in receiving URLs.</summary>
    public required string Name { get; init; }

    /// <summary>For people.</summary>
    public required string Label { get; init; }

    /// <summary>Whether it delivers over HTTP, so that an endpoint can be made for it.</summary>
    public required bool Receives { get; init; }
}
