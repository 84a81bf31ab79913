using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SalesBrain.LocalHost.Documentation.Lists;

/// <summary>Writes <c>docs/lists.sql</c>: the SQL of every list, composed by the code that sends it.</summary>
internal static partial class ListsPage
{
    private const int Width = 140;
    private const string Null = "null";

    internal static string Write(IReadOnlyList<DocumentedEndpoint> endpoints)
    {
        var page = new StringBuilder();
        page.Append($"""
            -- The SQL of every list, as the app sends it.
            -- {DocumentationPages.GeneratedNote}
            --
            -- Each list has an example for each shape of its SQL. A request sends one or more statements in one round trip. A statement
            -- that an earlier example has is not printed again. @name is a parameter; the comment has example values.
            --
            -- A session sends its context in the same round trip before a statement (src/SalesBrain.Data/Sessions). To see the plan of a
            -- caller, connect as salesbrain_tenant, or for a platform operator as salesbrain_platform, and set the same context in the
            -- transaction of the explain.

            """.ReplaceLineEndings("\n"));
        foreach (var list in ListExamples.All)
        {
            if (endpoints.SingleOrDefault(endpoint => endpoint.Name == list.Function) is { } endpoint)
            {
                Append(page, endpoint, list);
            }
        }
        return page.ToString();
    }

    private static void Append(StringBuilder page, DocumentedEndpoint endpoint, ListExamples list)
    {
        var rule = $"-- {new string('=', Width - 3)}\n";
        page.Append($"\n\n{rule}-- {endpoint.Name}: {endpoint.Method} {endpoint.Path}\n{rule}");
        // A text is printed once, for all requests that send it, and so is each of its statements.
        var printed = new Dictionary<string, string>(StringComparer.Ordinal);
        var remaining = list.Examples.ToList();
        while (remaining is [var example, ..])
        {
            var same = remaining.Where(other => SameText(example, other)).ToList();
            remaining = remaining.Except(same).ToList();
            page.Append('\n').Append(Comment(example.Request)).Append(Comment(Values(example)));
            foreach (var other in same.Skip(1))
            {
                page.Append(Comment($"The same for \"{other.Request}\"{KeyInstead(example, other)}{Values(other, example)}"));
            }
            var statements = StatementEnd().Split(example.Statement.Sql.TrimEnd(';'));
            var numbered = statements.Select((statement, index) => (Sql: statement, Number: index + 1));
            foreach (var known in numbered.Where(one => printed.ContainsKey(one.Sql)).GroupBy(one => printed[one.Sql]))
            {
                var numbers = string.Join(", ", known.Select(one => one.Number));
                page.Append(Comment($"Statement {numbers} of {statements.Length}: as for \"{known.Key}\""));
            }
            page.AppendJoin('\n', statements.Where(sql => printed.TryAdd(sql, example.Request)).Select(sql => $"{sql};\n"));
        }
    }

    /// <summary>Whether both send the same text, or would if they sorted by the same column.</summary>
    private static bool SameText(ListExample one, ListExample other)
    {
        var text = one.Statement.Sql;
        if (one.Key is { } from && other.Key is { } to && from != to)
        {
            text = text.Replace(from.Sql, to.Sql, StringComparison.Ordinal)
                .Replace($"@afterKey::{from.Type}", $"@afterKey::{to.Type}", StringComparison.Ordinal);
        }
        return text == other.Statement.Sql;
    }

    private static string KeyInstead(ListExample one, ListExample other) =>
        one.Statement.Sql == other.Statement.Sql
            ? ""
            : $", with {other.Key!.Sql} ({other.Key.Type}) instead of {one.Key!.Sql} ({one.Key.Type})";

    /// <summary>The parameters that the text names, in its order, and at the end those that are null.</summary>
    private static string Values(ListExample example) => string.Join(", ", Parameters(example).GroupBy(parameter => parameter.Value == Null)
        .OrderBy(group => group.Key)
        .Select(group => group.Key
            ? string.Join(", ", group.Select(parameter => $"@{parameter.Name}")) + $" = {Null}"
            : string.Join(", ", group.Select(parameter => $"@{parameter.Name} = {parameter.Value}"))));

    /// <summary>The parameters with another value than in the first example of the text.</summary>
    private static string Values(ListExample example, ListExample first) => string.Concat(
        Parameters(example).Except(Parameters(first)).Select(parameter => $", @{parameter.Name} = {parameter.Value}"));

    private static IEnumerable<(string Name, string Value)> Parameters(ListExample example)
    {
        var values = example.Statement.Values;
        return ParameterName().Matches(example.Statement.Sql)
            .Select(match => match.Groups["name"].Value)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(name => (name, Literal(values[name])));
    }

    private static string Literal(object? value) => value switch
    {
        null => Null,
        bool truth => truth ? "true" : "false",
        int or short or long => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        DateTime time => $"'{time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}'",
        Array values => $"'{{{string.Join(',', values.Cast<object>().Select(item => Literal(item).Trim('\'')))}}}'",
        _ => $"'{value.ToString()!.Replace("'", "''", StringComparison.Ordinal)}'",
    };

    /// <summary>A comment of lines that are not too long.</summary>
    private static string Comment(string text)
    {
        var comment = new StringBuilder();
        var line = "--";
        foreach (var word in text.Split(' '))
        {
            if (line.Length + 1 + word.Length > Width)
            {
                comment.Append(line).Append('\n');
                line = "--  ";
            }
            line += " " + word;
        }
        return comment.Append(line).Append('\n').ToString();
    }

    [GeneratedRegex(@";\s*\n", RegexOptions.None, 1000)]
    private static partial Regex StatementEnd();

    [GeneratedRegex(@"@(?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ParameterName();
}
