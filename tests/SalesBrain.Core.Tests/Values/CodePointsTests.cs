using SalesBrain.Core.Values;

namespace SalesBrain.Core.Tests.Values;

public sealed class CodePointsTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("e\u0301", 2)]
    [InlineData("\U0001F600", 1)]
    [InlineData("a\U0001F600\U0001F600b", 4)]
    public void Characters_are_counted_and_not_code_units(string text, int count) => Assert.Equal(count, CodePoints.Count(text));

    [Fact]
    public void Lone_surrogates_count_as_one()
    {
        Assert.Equal(3, CodePoints.Count("\uDE00\uD83Da"));
        Assert.Equal(2, CodePoints.Count("\uD83D\uD83D\uDE00"));
    }
}
