using System.Diagnostics;

namespace SalesBrain.Functions.Http;

/// <summary>The id that ties an answer to its log lines: the W3C trace id where there is one.</summary>
internal static class TraceIds
{
    /// <summary>
    /// Makes sure that there is one: the caller's, or a new one. The server makes one of its own only for somebody who listens, or for logs that
    /// would show the URL.
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
