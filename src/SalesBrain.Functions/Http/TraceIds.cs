using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace SalesBrain.Functions.Http;

/// <summary>The id that ties an answer to its log lines: the W3C trace id where there is one.</summary>
internal static class TraceIds
{
    internal static string Of(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
}
