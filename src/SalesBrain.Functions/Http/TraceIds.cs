using System.Diagnostics;

namespace SalesBrain.Functions.Http;

/// <summary>The id that connects a response with its log lines: the W3C trace id, if there is one.</summary>
internal static class TraceIds
{
    /// <summary>
    /// Ensures that the request has a trace id: the caller's, or a new one. The server creates one itself only if there is a listener, or
    /// for logs that would contain the URL.
    /// </summary>
    internal static void Ensure(HttpContext context)
    {
        if (Activity.Current is null)
        {
            var isGiven = ActivityContext.TryParse(context.Request.Headers.TraceParent, null, isRemote: true, out var given);
            context.TraceIdentifier = (isGiven ? given.TraceId : ActivityTraceId.CreateRandom()).ToHexString();
        }
    }

    internal static string Of(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
}
