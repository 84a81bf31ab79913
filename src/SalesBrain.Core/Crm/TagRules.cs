using SalesBrain.Core.Values;

namespace SalesBrain.Core.Crm;

/// <summary>Tags that people give to contacts.</summary>
public static class TagRules
{
    /// <summary>Most tags of one contact.</summary>
    public const int MaxCount = 50;

    /// <summary>Longest tag, in characters.</summary>
    public const int MaxLength = 100;

    /// <summary>One line that is not blank.</summary>
    public const string Pattern = @"^[^\u0000-\u001F\u007F-\u009F\u2028\u2029]*[^\u0000-\u0020\u007F-\u00A0\u2028\u2029\s][^\u0000-\u001F\u007F-\u009F\u2028\u2029]*$";

    /// <summary>What is wrong with the tags; null if nothing is.</summary>
    public static string? Problem(IReadOnlyCollection<string> tags) =>
        tags.Any(tag => CodePoints.Count(tag) is 0 or > MaxLength || string.IsNullOrWhiteSpace(tag) || tag.Any(IsLineBreakOrControl))
            ? $"must be 1 to {MaxLength} characters on one line each"
            : null;

    /// <summary>The tags as they are stored: without blanks around them, each once, in the given order.</summary>
    public static string[] Clean(IEnumerable<string> tags) => [.. tags.Select(tag => tag.Trim()).Distinct(StringComparer.Ordinal)];

    private static bool IsLineBreakOrControl(char character) => char.IsControl(character) || character is '\u2028' or '\u2029';
}
