namespace SalesBrain.Functions.Http.Binding;

/// <summary>Trims texts.</summary>
internal static class TrimmedText
{
    /// <summary>The text without surrounding white space; null if nothing is left.</summary>
    internal static string? Of(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>The new text, trimmed, or the old one if nothing was sent.</summary>
    internal static string? TrimmedOr(this Optional<string> sent, string? old) => sent.IsSet ? Of(sent.Value) : old;
}
