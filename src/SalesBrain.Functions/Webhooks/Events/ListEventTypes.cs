using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Webhooks.Events;

namespace SalesBrain.Functions.Webhooks.Events;

/// <summary>Lists known event types, for filters.</summary>
public sealed class ListEventTypes(RequestPipeline pipeline)
{
    [Function(nameof(ListEventTypes))]
    [Operation("Webhook catalogue", "List event types", Description =
        "With labels and categories, in the order of a drop-down. Webhooks of unknown types are stored under the sender's own "
        + "name and ignored.")]
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
    /// <summary>The canonical name, used as <c>event_type</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Display name.</summary>
    public required string Label { get; init; }

    /// <summary>The name of its category.</summary>
    public required string Category { get; init; }

    /// <summary>The names that senders use for it.</summary>
    public required IReadOnlyList<string> WireNames { get; init; }
}

/// <summary>A name and its display label.</summary>
public sealed record Labelled(string Name, string Label);
