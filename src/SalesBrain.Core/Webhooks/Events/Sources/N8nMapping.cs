namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>
/// n8n: the common form. A workflow that hands on all of its own webhook node's output sends
/// <c>{headers, params, query, body}</c>, so an event may stand in <c>body</c>.
/// </summary>
internal static class N8nMapping
{
    public static readonly SourceMapping Mapping = new(CommonForm.With((EventField.Envelope, ["body"])));
}
