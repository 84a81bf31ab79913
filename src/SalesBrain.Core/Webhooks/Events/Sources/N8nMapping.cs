namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>
/// n8n: the common form. A workflow that forwards the complete output of its webhook node sends <c>{headers, params, query, body}</c>, so
/// the event can be in <c>body</c>.
/// </summary>
internal static class N8nMapping
{
    public static readonly SourceMapping Mapping = new(CommonForm.With((EventField.Envelope, ["body"])));
}
