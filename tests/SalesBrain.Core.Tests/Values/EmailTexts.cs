using FsCheck;
using FsCheck.Fluent;

namespace SalesBrain.Core.Tests.Values;

/// <summary>Texts that are, hold or nearly are e-mail addresses.</summary>
internal static class EmailTexts
{
    private static readonly string[] Parts =
    [
        "jane", "Jane.Doe", "a", "B", "1", "x+tag", "ÄNNE", "a\u0308", "İ", "I\u0307", "ß", "ẞ", "Σ", "ς", "K", "ǅ", "Ⱥ", "J\u030C", "한",
        "\u1112\u1161\u11AB", "用户", "😀", "acme", "ACME", "bücher", "BU\u0308CHER", "xn--bcher-kva", "ﬁ", "½", "例え", "straße", "example",
        "co", "-", "--", "_", "+", "'", "%", "%40", "%2540", "%2B", "%C3%BC", "%C3", "%00", "%3C", "%3e", "%20", "%E2%80%8B", "=", "/", "?",
        "!", "#",
    ];

    private static readonly string[] Marks =
    [
        "@", "@", "@", ".", ".", ".", "＠", "．", "。", "<", ">", "(", ")", "[", "]", "{", "}", "\"", "'", "`", "“", "”", "»", "「", "」", ",",
        ";", ":", " ", "\t", "\u00A0", "\u3000", "\u0085", "\u200B", "\uFEFF", "\u00AD", "\u202A", "\u202C", "\u200D", "\uFE0F",
        "\U000E0041", "\u0301", "\u0316", "mailto:", "MAILTO:", "?subject=", "//", "\uFFFD", "\u0001",
    ];

    /// <summary>Half of them built around an address, half of arbitrary parts.</summary>
    public static Arbitrary<string> Arbitrary { get; } = Gen.OneOf(Decorated(), Assembled()).ToArbitrary();

    private static Gen<string> Part =>
        Gen.Frequency((8, Gen.Elements(Parts)), (1, Gen.Choose(0x80, 0x2FFF).Select(point => ((char)point).ToString())));

    private static Gen<string> Mark => Gen.Elements(Marks);

    private static Gen<string> Decorated() =>
        from before in Mark.ArrayOf(2)
        from local in Part.ArrayOf(2)
        from domain in Part.ArrayOf(2)
        from top in Gen.Elements("example", "EXAMPLE", "テスト", "co.uk", "1")
        from behind in Mark.ArrayOf(2)
        from kept in Gen.Choose(0, 5)
        select (kept % 2 == 0 ? string.Concat(before) : "") + string.Concat(local) + "@" + string.Concat(domain) + "." + top
            + (kept < 3 ? string.Concat(behind) : "");

    private static Gen<string> Assembled() => Gen.Frequency((2, Part), (1, Mark)).ArrayOf().Select(parts => string.Concat(parts.Take(12)));
}
