using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Tests.Values;

public sealed class NameTextTests
{
    [Theory]
    [InlineData("Booking.com")]
    [InlineData("Monday.com Ltd.")]
    [InlineData("Amazon.com, Inc.")]
    [InlineData("A.B./C.D. Holding S.p.A.")]
    [InlineData("St.Gallen/Wil")]
    [InlineData("AC/DC & 24/7 \u2013 R&D: the \u201CLab\u201D #1?")]
    [InlineData("Http Works: www Design")]
    [InlineData("O\u2019Neill-Mu\u0308ller, Jr.")]
    [InlineData("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645")]
    [InlineData("\u0915\u094D\u200D\u0937")]
    [InlineData("Family \U0001F468\u200D\U0001F469\u200D\U0001F467 \u2764\uFE0F\u200D\U0001F525 \U0001F44D\U0001F3FD")]
    [InlineData("  trimmed afterwards \n")]
    public void Name_may_be(string name) => Assert.True(NameText.IsValid(name));

    [Theory]
    [InlineData("Acme. Your account is blocked, confirm at http://evil.example/x", "Acme. Your account is blocked, confirm at evil.example")]
    [InlineData("HTTPS://EVIL.EXAMPLE", "EVIL.EXAMPLE")]
    [InlineData("https:/\\evil.example", "evil.example")]
    [InlineData("www.evil.example", "evil.example")]
    [InlineData("See evil.example/x?y=1 now", "See evil.example now")]
    [InlineData("bit.ly/abc", "bit.ly")]
    [InlineData("Evil.Com/x", "Evil.Com")]
    [InlineData("evil.example:8080", "evil.example")]
    [InlineData("evil.example?x", "evil.example")]
    [InlineData("mailto:a@evil.example", "a@evil.example")]
    [InlineData("\uFF48\uFF54\uFF54\uFF50\uFF1A\uFF0F\uFF0Fevil\u3002example", "evil.example")]
    [InlineData("Two\nlines\tof\u2028text", "Two lines of text")]
    [InlineData("Ac\u200Bme\uFEFF", "Acme")]
    [InlineData("J\u200Dohn", "John")]
    [InlineData("\u200D\U0001F468", "\U0001F468")]
    [InlineData("\u202Eemca\u202C", "emca")]
    [InlineData("Ann\u2066\u2069\u061C\u200F Lee", "Ann Lee")]
    [InlineData("Bell\u0007 Nul", "Bell  Nul")]
    [InlineData("\u3164", null)]
    [InlineData("A\U000E0041\u00AD", "A")]
    public void Name_that_is_refused_is_cleaned_in_webhooks(string name, string? clean)
    {
        Assert.False(NameText.IsValid(name));
        Assert.Equal(clean, NameText.Clean(name, 200));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(" ", null)]
    [InlineData(" Jose\u0301 ", "Jos\u00E9")]
    [InlineData("a  b", "a  b")]
    public void Cleaning_keeps_everything_else_in_normal_form(string? name, string? clean) =>
        Assert.Equal(clean, NameText.Clean(name, 200));

    [Fact]
    public void Cleaning_keeps_the_limit_and_splits_no_pair()
    {
        Assert.Equal("aaa", NameText.Clean("aaa\U0001F600", 4));
        Assert.Equal("\U0001D157", NameText.Clean("\U0001D15E\U0001D15E", 3));
    }

    [Fact]
    public void Cleaned_name_is_valid() => Prop.ForAll(Names(), name => NameText.Clean(name, 40) is not { } clean || (clean.Length <= 40 && NameText.IsValid(clean)))
        .QuickCheckThrowOnFailure();

    private static Arbitrary<string> Names() => Gen.Elements(
            "http", "https", "ht", "tp", ":", "/", "//", "\\", ".", "www", "www.", "evil", "com", "example", "a", "X", " ", "?", "#", "80",
            ":8080", "mailto:", "\u200B", "\u200D", "\u202E", "\n", "\uFF0F", "\uFF1A", "\u3002", "\uFF0E", "\u2024", "\u0301",
            "\U0001F468", "\u0645")
        .ListOf().Select(parts => string.Concat(parts)).ToArbitrary();
}
