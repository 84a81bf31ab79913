namespace SalesBrain.Functions.Auth;

/// <summary>What a person tells their sessions apart by.</summary>
internal static class DeviceLabel
{
    /// <summary>Longest label, in characters; the column takes no more.</summary>
    internal const int MaxLength = 200;

    /// <summary>What the program that signs in calls itself, cut and without characters that could not be shown; null when it says nothing.</summary>
    internal static string? Of(HttpRequest request)
    {
        var printable = request.Headers.UserAgent.ToString().Where(c => c is >= ' ' and <= '~').Take(MaxLength).ToArray();
        var label = new string(printable).Trim();
        return label.Length == 0 ? null : label;
    }
}
