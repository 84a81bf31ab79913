using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Tests.Values;

/// <summary>Examples of UAX 15. A test on the database compares all characters with PostgreSQL's forms.</summary>
public sealed class NormalFormsTests
{
    [Theory]
    [InlineData("Jose\u0301", "Jos\u00E9")]
    [InlineData("Jos\u00E9", "Jos\u00E9")]
    [InlineData("\u212B\u2126\uFB01", "\u00C5\u03A9\uFB01")]
    [InlineData("a\u0323\u0307 a\u0307\u0323", "\u1EA1\u0307 \u1EA1\u0307")]
    [InlineData("s\u0323\u0307", "\u1E69")]
    [InlineData("\u1112\u1161\u11AB\u1100\u116E\u11A8", "\uD55C\uAD6D")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\U0002F800 \U0001F600", "\u4E3D \U0001F600")]
    [InlineData("e\uFFFE\u0301\uFFFF", "e\uFFFE\u0301\uFFFF")]
    public void Canonical_form_composes(string text, string expected) => Assert.Equal(expected, NormalForms.Nfc(text));

    [Theory]
    [InlineData("\uFB01\uFF21\u2460", "fiA1")]
    [InlineData("e\u0301\u1E9B\u0323", "\u00E9\u1E69")]
    [InlineData("\u00A0", " ")]
    public void Compatibility_form_makes_variants_of_a_letter_the_same(string text, string expected) =>
        Assert.Equal(expected, NormalForms.Nfkc(text));

    [Theory]
    [InlineData("\u00E9\uFB01", "e\u0301fi")]
    [InlineData("\uD55C", "\u1112\u1161\u11AB")]
    public void Decomposed_form_has_accents_apart(string text, string expected) => Assert.Equal(expected, NormalForms.Nfkd(text));

    [Fact]
    public void Lone_surrogates_stay() => Assert.Equal("\uD83D\u00E9\uDE00", NormalForms.Nfc("\uD83De\u0301\uDE00"));

    [Fact]
    public void Forms_are_stable_and_lead_to_each_other() => Prop.ForAll(Texts(), text =>
        NormalForms.Nfc(NormalForms.Nfc(text)) == NormalForms.Nfc(text)
        && NormalForms.Nfkc(NormalForms.Nfc(text)) == NormalForms.Nfkc(text)
        && NormalForms.Nfkc(NormalForms.Nfkd(text)) == NormalForms.Nfkc(text)
        && NormalForms.Nfkd(NormalForms.Nfkc(text)) == NormalForms.Nfkd(text)).QuickCheckThrowOnFailure();

    [Fact]
    public void Very_many_marks_take_no_more_time_than_their_number()
    {
        var marks = string.Concat(Enumerable.Repeat("\u0301\u0316", 200_000));

        var normal = NormalForms.Nfc("e" + marks);

        Assert.Equal("\u00E9\u0316", normal[..2]);
        Assert.Equal(400_000, normal.Length);
    }

    /// <summary>Letters and marks that meet each other.</summary>
    internal static Arbitrary<string> Texts() => Gen.Elements(
            "a", "e", "E", " ", "\u00E9", "\u1EA1", "\u0301", "\u0307", "\u0308", "\u0316", "\u0323", "\u0345", "\u3099", "\u304B",
            "\u1100", "\u1161", "\u11A8", "\uAC00", "\uFB01", "\u212B", "\u0958", "\u0644", "\u064E", "\u0651", "\U0001D15E", "\U0001D160",
            "\U0001F468", "\u200D", "\uFE0F", "\u03C2", "\u00DF", "\u0130", "\u0131")
        .ListOf().Select(parts => string.Concat(parts)).ToArbitrary();
}
