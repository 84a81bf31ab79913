namespace SalesBrain.Functions.Http.Binding;

/// <summary>Text without blanks around it.</summary>
internal static class TrimmedText
{
    /// <summary>Without blanks around it; a text of nothing else is none.</summary>
    internal static string? Of(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>The new text as it is kept, or the old one where nothing was sent.</summary>
    internal static string? TrimmedOr(this Optional<string> sent, string? old) => sent.IsSet ? Of(sent.Value) : old;
}
