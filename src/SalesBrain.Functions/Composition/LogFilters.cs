using Microsoft.Extensions.Logging;

namespace SalesBrain.Functions.Composition;

/// <summary>
/// Receiving URLs and onboarding links have a token in them, and the server shows the URL of each request in many places; whatever levels a
/// deployment sets, it does not here.
/// </summary>
internal static class LogFilters
{
    internal static void HideUrls(this LoggerFilterOptions filters)
    {
        // Not even errors: as long as it may say anything, it puts the path into a scope around every line of the request.
        filters.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        filters.AddFilter("Microsoft.AspNetCore.Routing", LogLevel.Warning);
    }
}
