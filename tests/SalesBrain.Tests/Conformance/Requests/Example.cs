namespace SalesBrain.Tests.Conformance.Requests;

/// <summary>A request that succeeds, and the part of its path that names the thing it is about; null if there is none.</summary>
internal sealed record Example(ConformanceRequest Request, string? Names = null)
{
    /// <summary>
    /// A request of the same function that changes nothing, whoever sends it: about a thing that is not there, with a member that no body
    /// has. Reads and deliveries are as they are.
    /// </summary>
    internal ConformanceRequest Harmless =>
        Request.IsRead || IsDelivery
            ? Request
            : About(Unknown) with { Body = Request.Body is null ? null : """{"no_such_member": true}"""u8.ToArray() };

    /// <summary>A well-formed id of nothing.</summary>
    private string Unknown => Guid.TryParse(Names, out _) ? $"{Guid.NewGuid()}" : "no-such-token";

    /// <summary>A request without a body that names nothing in its path is refused for its query.</summary>
    private ConformanceRequest WithUnknownParameter =>
        Request.Body is null
            ? Request with
            {
                Path = $"{Request.Path}{(Request.Path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}no_such_parameter=1",
            }
            : Request;

    /// <summary>Senders may deliver as often as they like.</summary>
    private bool IsDelivery => Request.Path.StartsWith("/api/webhooks/", StringComparison.Ordinal);

    /// <summary>The request, about something else.</summary>
    internal ConformanceRequest About(string other) =>
        Names is null ? WithUnknownParameter : Request with { Path = Request.Path.Replace(Names, other, StringComparison.Ordinal) };
}
