using System.Text.RegularExpressions;

namespace SalesBrain.Bench.Load;

/// <summary>A statement as the server got it; null stands for NULL, other arguments are in PostgreSQL's text form.</summary>
internal sealed partial record CapturedStatement(string Sql, IReadOnlyList<string?> Arguments)
{
    /// <summary>Reads the detail that the server logs beside a statement: <c>Parameters: $1 = 'a', $2 = NULL</c>.</summary>
    public static IReadOnlyList<string?> ReadArguments(string? detail) =>
        detail is null
            ? []
            : Argument().Matches(detail).Select(match => match.Groups["text"] is { Success: true } text ? text.Value.Replace("''", "'", StringComparison.Ordinal) : null).ToList();

    /// <summary>The arguments as literals, of no type yet: the statement gives them one.</summary>
    public string Literals() => string.Join(", ", Arguments.Select(Literal));

    /// <summary>The statement with its arguments written into it.</summary>
    public string Inline() => Placeholder().Replace(Sql, match => Literal(Arguments[int.Parse(match.Groups["number"].Value) - 1]));

    private static string Literal(string? argument) =>
        argument is null ? "null" : $"'{argument.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"\$\d+ = (?:NULL|'(?<text>(?:[^']|'')*)')", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Argument();

    [GeneratedRegex(@"\$(?<number>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
