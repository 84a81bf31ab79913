namespace SalesBrain.Functions.Auth;

/// <summary>A label by which users can tell their sessions apart.</summary>
internal static class DeviceLabel
{
    /// <summary>Maximum length of a label in characters, the limit of the column.</summary>
    internal const int MaxLength = 200;

    /// <summary>The user agent, truncated and without unprintable characters; null if there is none.</summary>
    internal static string? Of(HttpRequest request)
    {
        var printable = request.Headers.UserAgent.ToString().Where(c => c is >= ' ' and <= '~').Take(MaxLength).ToArray();
        var label = new string(printable).Trim();
        return label.Length == 0 ? null : label;
    }
}
