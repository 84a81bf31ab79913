namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>We-Connect: the common form, and the LinkedIn profile's address under a name of its own.</summary>
internal static class WeConnectMapping
{
    public static readonly SourceMapping Mapping = new(CommonForm.With((EventField.LinkedinUrl, ["profile_url"])));
}
