using System.Globalization;
using System.Text;
using SalesBrain.Core.Values;

namespace SalesBrain.Tests.Database;

/// <summary>The database and C# make the same of every text: its normal forms, and what search compares.</summary>
public sealed class TextFunctionTests(ClonedDatabase database) : IClassFixture<ClonedDatabase>
{
    /// <summary>Whatever decomposes, composes, combines or has letter case.</summary>
    private static readonly (int From, int To)[] Blocks =
        [(0x80, 0x33FF), (0xA640, 0xABFF), (0xAC00, 0xAC80), (0xF900, 0xFFFD), (0x10400, 0x10500), (0x1D100, 0x1D800), (0x1E000, 0x1E0FF), (0x1E900, 0x1EEFF), (0x2F800, 0x2FA20)];

    [Fact]
    public async Task Characters_are_the_same()
    {
        var characters = Blocks.SelectMany(block => Enumerable.Range(block.From, block.To - block.From + 1)).Where(Rune.IsValid)
            .Select(point => new Rune(point))
            .Where(rune => Rune.GetUnicodeCategory(rune) != UnicodeCategory.OtherNotAssigned).Select(rune => $"a{rune}b").ToArray();

        // What the database's version of Unicode does not know, it cannot change: PostgreSQL 17 has 15.1, PostgreSQL 18 and .NET 10 have
        // 16.
        await AssertSameAsync(
            [.. await database.QueryAsync<string>("select x from unnest(@characters) x where unicode_assigned(x)", new { characters })]);
    }

    [Fact]
    public async Task Texts_of_letters_and_marks_are_the_same()
    {
        string[] parts =
        [
            "a", "E", "\u00E9", "\u1EA1", "\u0301", "\u0307", "\u0308", "\u0316", "\u0323", "\u0345", "\u3099", "\u304B", "\u1100",
            "\u1161", "\u11A8", "\uAC00", "\uFB01", "\u212B", "\u0958", "\u0644", "\u064E", "\u0651", "\U0001D15E", "\U0001D165", "\u200D",
            "\uFE0F", "\u03A3", "\u03C2", "\u00DF", "\u1E9E", "\u0130", "\u0131", "\u00D8", "\u2019", "%", "_", "\\", " ",
        ];
        var random = new Random(16);

        await AssertSameAsync([.. Enumerable.Range(0, 3000).Select(_ => string.Concat(random.GetItems(parts, random.Next(1, 9))))]);
    }

    private async Task AssertSameAsync(string[] texts)
    {
        var rows = await database.QueryAsync<Forms>("""
            select normalize(x.text, nfc) as nfc, normalize(x.text, nfkc) as nfkc, normalize(x.text, nfkd) as nfkd, app.search_text(x.text) as search,
                app.search_text(app.search_text(x.text)) as twice
            from unnest(@texts) with ordinality x (text, n)
            order by x.n
            """, new { texts });

        Assert.Equal(texts.Length, rows.Count);
        var expected = texts.Select(text => new Forms
        {
            Nfc = NormalForms.Nfc(text),
            Nfkc = NormalForms.Nfkc(text),
            Nfkd = NormalForms.Nfkd(text),
            Search = SearchText.Of(text),
            Twice = SearchText.Of(text),
        });
        var different = texts.Zip(expected, rows).Where(row => row.Second != row.Third)
            .Select(row => $"{Escaped(row.First)}: {Escaped(row.Second.ToString())} {Escaped(row.Third.ToString())}");
        Assert.Empty(different.Take(10));
    }

    private static string Escaped(string text) =>
        string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c.ToString() : $"\\u{(int)c:X4}"));

    private sealed record Forms
    {
        public string Nfc { get; init; } = "";
        public string Nfkc { get; init; } = "";
        public string Nfkd { get; init; } = "";
        public string Search { get; init; } = "";
        public string Twice { get; init; } = "";
    }
}
