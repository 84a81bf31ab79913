using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Webhooks.Events;

namespace SalesBrain.Functions.Webhooks.Events;

/// <summary>Lists the event types that are known, for whoever filters webhooks by them.</summary>
public sealed class ListEventTypes(RequestPipeline pipeline)
{
    [Function(nameof(ListEventTypes))]
    [Operation("Webhook catalogue", "The event types that are known, with labels and categories",
        Description = "In the order of a drop-down. Webhooks of other types are stored under the sender's own name and ignored.")]
    [Requires(Capability.ReadWebhooks)]
    [Returns(200, typeof(EventTypeCatalogue))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/webhooks/event-types")] HttpRequest request) =>
        pipeline.RunAsync<ListEventTypes>(request, _ => Task.FromResult(ApiResults.Ok(Catalogue)));

    private static readonly EventTypeCatalogue Catalogue = new()
    {
        EventTypes = [.. EventTypes.All.Select(type => new CataloguedEventType
        {
            Name = type.Name,
            Label = type.Label,
            Category = type.Category,
            WireNames = type.WireNames,
        })],
        Categories = [.. EventTypes.Categories.Select(category => new Labelled(category.Name, category.Label))],
    };
}

public sealed record EventTypeCatalogue
{
    public required IReadOnlyList<CataloguedEventType> EventTypes { get; init; }

    public required IReadOnlyList<Labelled> Categories { get; init; }
}

public sealed record CataloguedEventType
{
    /// <summary>The canonical name, as <c>event_type</c> of a webhook.</summary>
    public required string Name { get; init; }

    /// <summary>For people.</summary>
    public required string Label { get; init; }

    /// <summary>The name of its category.</summary>
    public required string Category { get; init; }

    /// <summary>What senders call it.</summary>
    public required IReadOnlyList<string> WireNames { get; init; }
}

/// <summary>A name and its label for people.</summary>
public sealed record Labelled(string Name, string Label);
