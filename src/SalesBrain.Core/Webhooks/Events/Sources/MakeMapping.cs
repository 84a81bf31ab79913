namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>Make: whoever builds the scenario types the members' names into its HTTP module, so the common form.</summary>
internal static class MakeMapping
{
    public static readonly SourceMapping Mapping = new(CommonForm.Fields);
}
