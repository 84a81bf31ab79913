namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>Senders that write what our documentation asks for, and events entered by hand: the common form.</summary>
internal static class CustomMapping
{
    public static readonly SourceMapping Mapping = new(CommonForm.Fields);
}
