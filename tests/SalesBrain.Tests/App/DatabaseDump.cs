using System.Text;

namespace SalesBrain.Tests.App;

/// <summary>Everything that an app's database has, as text.</summary>
public static class DatabaseDump
{
    /// <summary>Dumps the database, and finds the rows that have one of the texts: plain, or as the bytes of a payload.</summary>
    public static async Task<IReadOnlyList<DumpedRow>> SearchTablesAsync(this TestApp app, string[] texts)
    {
        var needles = texts.SelectMany(SpellingsOf).Distinct().ToArray();
        var file = Path.Combine(Path.GetTempPath(), $"salesbrain-dump-{Guid.NewGuid():N}.sql");
        try
        {
            await PostgresTools.RunAsync(
                "pg_dump", app.Database.Owner, "--enable-row-security", "--data-only", "--load-via-partition-root", $"--file={file}");
            var (places, table) = (new List<DumpedRow>(), "");
            await foreach (var line in File.ReadLinesAsync(file))
            {
                table = line.StartsWith("COPY app.", StringComparison.Ordinal) ? line["COPY app.".Length..line.IndexOf(' ', 6)] : table;
                if (needles.FirstOrDefault(needle => line.Contains(needle.Text, needle.Comparison)) is { Text: { } found })
                {
                    places.Add(new(table, found, line.Length <= 400 ? line : line[..400]));
                }
            }
            return places;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>
    /// A text as it is, percent-encoded and in JSON; and the hexadecimal digits and the Base64 of its bytes, in lower, upper and title
    /// case. Base64 wherever in a group of three bytes the text begins, without the digits that depend on the bytes around it.
    /// </summary>
    private static IEnumerable<(string Text, StringComparison Comparison)> SpellingsOf(string text)
    {
        yield return (text, StringComparison.OrdinalIgnoreCase);
        yield return (Uri.EscapeDataString(text), StringComparison.OrdinalIgnoreCase);
        yield return (text.Replace("@", "\\u0040", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        foreach (var cased in new[] { text, text.ToUpperInvariant(), string.Join(' ', text.Split(' ').Select(word => char.ToUpperInvariant(word[0]) + word[1..])) })
        {
            yield return (Convert.ToHexStringLower(Encoding.UTF8.GetBytes(cased)), StringComparison.OrdinalIgnoreCase);
            for (var before = 0; before < 3; before++)
            {
                byte[] bytes = [.. new byte[before], .. Encoding.UTF8.GetBytes(cased)];
                var digits = Convert.ToBase64String(bytes, 0, bytes.Length / 3 * 3)[(before == 0 ? 0 : 4)..];
                if (digits.Length >= 8)
                {
                    yield return (digits, StringComparison.Ordinal);
                }
            }
        }
    }
}

/// <summary>A row of a dump that has one of the texts that were searched for.</summary>
public sealed record DumpedRow(string Table, string Text, string Line);
