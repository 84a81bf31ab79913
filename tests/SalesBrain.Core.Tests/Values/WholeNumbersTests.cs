using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Tests.Values;

public sealed class WholeNumbersTests
{
    [Theory]
    [InlineData("7", 7)]
    [InlineData("7.0", 7)]
    [InlineData("7e0", 7)]
    [InlineData("7E+0", 7)]
    [InlineData("70e-1", 7)]
    [InlineData("0.07e2", 7)]
    [InlineData("0.007000e+3", 7)]
    [InlineData("1230.000e1", 12300)]
    [InlineData("-0", 0)]
    [InlineData("-0.0e-5", 0)]
    [InlineData("0e99999999999999999999", 0)]
    [InlineData("-12.50e1", -125)]
    [InlineData("2147483647.000", int.MaxValue)]
    [InlineData("-2.147483648e9", int.MinValue)]
    [InlineData("007", 7)]
    public void Number_without_a_fraction_is_whole_however_it_is_written(string text, int expected)
    {
        Assert.True(WholeNumbers.TryRead(text, out var number));
        Assert.Equal(expected, number);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("7.5")]
    [InlineData("7e-1")]
    [InlineData("1e-400")]
    [InlineData("2147483648")]
    [InlineData("-2147483649")]
    [InlineData("1e400")]
    [InlineData("1e9999999")]
    [InlineData("1e99999999999999999999")]
    [InlineData("7.")]
    [InlineData(".7")]
    [InlineData("7e")]
    [InlineData("7e+")]
    [InlineData("7 ")]
    [InlineData(" 7")]
    [InlineData("0x7")]
    [InlineData("7,0")]
    [InlineData("NaN")]
    [InlineData("\u0667")]
    public void Anything_else_is_not(string text) => Assert.False(WholeNumbers.TryRead(text, out _));

    [Fact]
    public void Digits_and_exponents_may_be_as_long_as_a_body()
    {
        Assert.True(WholeNumbers.TryRead($"7{new string('0', 500_000)}e-500000", out var number));
        Assert.Equal(7, number);
        Assert.True(WholeNumbers.TryRead($"0.{new string('0', 500_000)}7e500001", out number));
        Assert.Equal(7, number);
        Assert.False(WholeNumbers.TryRead($"7.{new string('0', 500_000)}1", out _));
        Assert.False(WholeNumbers.TryRead("7e" + new string('9', 500_000), out _));
    }

    [Fact]
    public void Reads_what_decimal_reads() => Prop.ForAll<long, NonNegativeInt>((digits, shift) =>
    {
        var text = (digits % 100_000_000_000).ToString(CultureInfo.InvariantCulture) + "e-"
            + (shift.Get % 15).ToString(CultureInfo.InvariantCulture);
        var value = decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        var isWhole = value == Math.Truncate(value) && value is >= int.MinValue and <= int.MaxValue;
        return WholeNumbers.TryRead(text, out var number) == isWhole && (!isWhole || number == value);
    }).QuickCheckThrowOnFailure();
}
