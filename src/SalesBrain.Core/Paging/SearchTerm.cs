namespace SalesBrain.Core.Paging;

/// <summary>A text that is looked for literally, in any letter case, in columns <c>search_text</c>, which are in lower case.</summary>
public sealed record SearchTerm
{
    private SearchTerm(string text) => Text = text;

    /// <summary>Fewest characters of a term.</summary>
    public const int MinLength = 2;

    /// <summary>The term without blanks around it.</summary>
    public string Text { get; }

    /// <summary>The LIKE pattern of texts that contain the term, in the term's own letter case; nothing in it has a special meaning.</summary>
    public string Pattern =>
        "%" + Text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal) + "%";

    /// <summary>The trimmed search term; null if the input is empty.</summary>
    public static SearchTerm? Of(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : new(typed.Trim());
}
