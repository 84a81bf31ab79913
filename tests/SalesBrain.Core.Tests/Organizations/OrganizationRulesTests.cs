using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Organizations;

namespace SalesBrain.Core.Tests.Organizations;

public sealed class OrganizationRulesTests
{
    [Theory]
    [InlineData("Acme", "acme", "acme")]
    [InlineData("Acme Corp.", "acme-corp", "acme_corp")]
    [InlineData("  -- 24/7 -- ", "24-7", "24_7")]
    [InlineData("Ärzte & Cie Über", "arzte-cie-uber", "arzte_cie_uber")]
    [InlineData("Café\u0301", "cafe", "cafe")]
    [InlineData("\ud800Acme", "acme", "acme")]
    public void Keys_come_from_the_name(string name, string slug, string key)
    {
        Assert.Equal(slug, OrganizationRules.SlugOf(name));
        Assert.Equal(key, OrganizationRules.TenantKeyOf(slug));
    }

    [Theory]
    [InlineData("")]
    [InlineData("東京")]
    [InlineData("!?")]
    public void Name_without_a_letter_a_slug_can_have_suggests_none(string name) => Assert.Null(OrganizationRules.SlugOf(name));

    [Fact]
    public void Whatever_is_suggested_is_valid() =>
        Prop.ForAll<NonNull<string>, NonNegativeInt>((name, repeated) =>
        {
            var slug = OrganizationRules.SlugOf(string.Concat(Enumerable.Repeat(name.Get + "a -", repeated.Get % 40)));
            Assert.True(slug is null || (Matches(slug, OrganizationRules.SlugPattern) && Matches(OrganizationRules.TenantKeyOf(slug), OrganizationRules.TenantKeyPattern)), slug);
        }).QuickCheckThrowOnFailure();

    private static bool Matches(string text, string pattern) => Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
}
