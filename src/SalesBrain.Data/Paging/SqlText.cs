namespace SalesBrain.Data.Paging;

/// <summary>Laying out composed SQL, so that the text which is sent can be read.</summary>
internal static class SqlText
{
    /// <summary>Indents all lines but the first.</summary>
    internal static string Indented(string text) => text.Replace("\n", "\n    ", StringComparison.Ordinal);

    /// <summary>The text in parentheses, which stand on lines of their own.</summary>
    internal static string Parenthesized(string text) => $"(\n    {Indented(text)}\n)";
}
