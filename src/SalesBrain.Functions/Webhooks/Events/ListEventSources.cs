using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Webhooks.Events.Sources;

namespace SalesBrain.Functions.Webhooks.Events;

/// <summary>Lists webhook sources, for filters and for creating endpoints.</summary>
public sealed class ListEventSources(RequestPipeline pipeline)
{
    [Function(nameof(ListEventSources))]
    [Operation("Webhook catalogue", "List webhook sources", Description = "With labels, in the order of a drop-down.")]
    [Requires(Capability.ReadWebhooks)]
    [Returns(200, typeof(EventSourceCatalogue))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/webhooks/sources")] HttpRequest request) =>
        pipeline.RunAsync<ListEventSources>(request, _ => Task.FromResult(ApiResults.Ok(Catalogue)));

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
    /// <summary>The value of <c>event_source</c> and the name in receiving URLs.</summary>
    public required string Name { get; init; }

    /// <summary>Display name.</summary>
    public required string Label { get; init; }

    /// <summary>True if the source delivers over HTTP. Only such sources can have endpoints.</summary>
    public required bool Receives { get; init; }
}
