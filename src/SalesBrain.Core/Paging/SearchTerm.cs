using SalesBrain.Core.Values;

namespace SalesBrain.Core.Paging;

/// <summary>
/// A text that is looked for literally in columns <c>search_text</c>. Normal form, letter case and accents make no difference.
/// </summary>
public sealed record SearchTerm
{
    private SearchTerm(string text) => Text = text;

    /// <summary>Fewest characters of a term.</summary>
    public const int MinLength = 2;

    /// <summary>The term without blanks around it, as <see cref="SearchText"/> has it.</summary>
    public string Text { get; }

    /// <summary>The LIKE pattern of texts that contain the term; nothing in it has a special meaning.</summary>
    public string Pattern =>
        "%"
            + Text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal)
                .Replace("_", @"\_", StringComparison.Ordinal)
            + "%";

    /// <summary>The term to search for; null if the input is empty.</summary>
    public static SearchTerm? Of(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : new(SearchText.Of(typed.Trim()));

    /// <summary>
    /// Whether the term has at least <see cref="MinLength"/> characters, not counting blanks around it and what search ignores.
    /// </summary>
    public static bool IsLongEnough(string typed) =>
        CodePoints.Count(typed.AsSpan().Trim()) >= MinLength && CodePoints.Count(SearchText.Of(typed.Trim())) >= MinLength;
}
