namespace SalesBrain.Functions.Http;

/// <summary>Texts as they are kept.</summary>
internal static class Texts
{
    /// <summary>Without blanks around it; a text of nothing else is none.</summary>
    internal static string? Kept(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>The new text as it is kept, or the old one where nothing was sent.</summary>
    internal static string? KeptOr(this Optional<string> sent, string? old) => sent.IsSet ? Kept(sent.Value) : old;
}
