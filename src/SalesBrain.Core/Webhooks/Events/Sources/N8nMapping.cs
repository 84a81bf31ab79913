namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>n8n: the author of the workflow chooses the field names, so the common form applies.</summary>
internal static class N8nMapping
{
    public static readonly SourceMapping Mapping = new(CommonForm.Fields);
}
