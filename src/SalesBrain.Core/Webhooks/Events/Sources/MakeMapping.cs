namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>Make: the author of the scenario chooses the field names in the HTTP module, so the common form applies.</summary>
internal static class MakeMapping
{
    public static readonly SourceMapping Mapping = new(CommonForm.Fields);
}
