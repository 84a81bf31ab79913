namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>
/// Zapier: the common form. Its webhook action writes nested members as <c>data__email</c> unless it is configured to unflatten them.
/// </summary>
internal static class ZapierMapping
{
    public static readonly SourceMapping Mapping = new(CommonForm.Flattened("data", "contact", "lead", "prospect"));
}
