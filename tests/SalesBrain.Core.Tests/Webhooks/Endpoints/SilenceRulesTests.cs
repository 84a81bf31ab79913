using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Webhooks.Endpoints;

namespace SalesBrain.Core.Tests.Webhooks.Endpoints;

public sealed class SilenceRulesTests
{
    [Theory]
    [InlineData("1m", 1)]
    [InlineData("90m", 90)]
    [InlineData("2h", 120)]
    [InlineData("7d", 7 * 1440)]
    [InlineData("30d", 30 * 1440)]
    [InlineData("43200m", 30 * 1440)]
    public void Numbers_with_a_unit_are_read(string text, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), SilenceRules.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("0m")]
    [InlineData("31d")]
    [InlineData("43201m")]
    [InlineData("99999h")]
    [InlineData("999999h")]
    [InlineData("-2h")]
    [InlineData("+2h")]
    [InlineData(" 2h")]
    [InlineData("2 h")]
    [InlineData("2H")]
    [InlineData("1.5h")]
    [InlineData("60s")]
    [InlineData("PT2H")]
    [InlineData("7200")]
    public void Anything_else_is_not(string text) => Assert.Null(SilenceRules.Parse(text));

    [Fact]
    public void Written_interval_parses_to_the_same_value() =>
        Prop.ForAll(
            Gen.Choose(1, 30 * 1440).ToArbitrary(),
            minutes => SilenceRules.Parse(SilenceRules.Format(TimeSpan.FromMinutes(minutes))) == TimeSpan.FromMinutes(minutes))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_breaks_the_reader() =>
        Prop.ForAll<string>(
            text => text is null || SilenceRules.Parse(text) is null or { TotalMinutes: >= 1 and <= 30 * 1440 }).QuickCheckThrowOnFailure();
}
