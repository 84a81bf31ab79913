using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Tests.Values;

public sealed class SearchTextTests
{
    [Theory]
    [InlineData("Jos\u00E9", "jose")]
    [InlineData("JOSE\u0301", "jose")]
    [InlineData("Stra\u00DFe STRASSE", "strasse strasse")]
    [InlineData("\u0141\u00F3d\u017A", "lodz")]
    [InlineData("\u00C6r\u00F8 \u0152uvre", "aero oeuvre")]
    [InlineData("O\u2019Neill\u2013M\u00FCller", "o'neill-muller")]
    [InlineData("\u0130stanbul Isparta \u0131", "istanbul isparta i")]
    [InlineData("\u03A3\u03AF\u03C3\u03C5\u03C6\u03BF\u03C2", "\u03C3\u03B9\u03C3\u03C5\u03C6\u03BF\u03C3")]
    [InlineData("\u0401\u043B\u043A\u0430", "\u0435\u043B\u043A\u0430")]
    [InlineData("\uFF21\uFF23\uFF2D\uFF25", "acme")]
    [InlineData("Ac\u200Bme\u00AD", "acme")]
    [InlineData("\uD55C\u304C", "\uD55C\u304C")]
    public void Normal_form_letter_case_and_accents_make_no_difference(string text, string expected) =>
        Assert.Equal(expected, SearchText.Of(text));

    [Fact]
    public void Twice_is_once() =>
        Prop.ForAll(NormalFormsTests.Texts(), text => SearchText.Of(SearchText.Of(text)) == SearchText.Of(text)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(" 100% ", "100%", @"%100\%%")]
    [InlineData(@"A_b\", @"a_b\", @"%a\_b\\%")]
    [InlineData("\uFF11\uFF05", "1%", @"%1\%%")]
    public void Term_is_literal_after_normalizing_too(string typed, string text, string pattern)
    {
        var term = SearchTerm.Of(typed)!;

        Assert.Equivalent(new { Text = text, Pattern = pattern }, term);
    }

    [Theory]
    [InlineData("ab", true)]
    [InlineData("\U0001F600\U0001F600", true)]
    [InlineData("\u00DF\u00DF", true)]
    [InlineData(" a ", false)]
    [InlineData("\U0001F600", false)]
    [InlineData("\u00DF", false)]
    [InlineData("a\u200B", false)]
    [InlineData("\u0301\u0301", false)]
    public void Term_has_two_characters_that_count(string typed, bool isLongEnough) =>
        Assert.Equal(isLongEnough, SearchTerm.IsLongEnough(typed));
}
