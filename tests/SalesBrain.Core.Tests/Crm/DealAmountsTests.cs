using System.Globalization;
using SalesBrain.Core.Crm;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Tests.Crm;

public sealed class DealAmountsTests
{
    [Theory]
    [InlineData("12500", "12500")]
    [InlineData("12500.5", "12500.5")]
    [InlineData("1.25e4", "12500")]
    [InlineData("0.005", "0.01")]
    [InlineData("999999999999.99", "999999999999.99")]
    [InlineData("0", "0")]
    public void Amount_that_is_a_number_is_read(string text, string expected) =>
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), DealAmounts.Read(text));

    [Theory]
    [InlineData("1,234")]
    [InlineData("-5")]
    [InlineData("1000000000000")]
    [InlineData("1e400")]
    [InlineData("EUR 5")]
    [InlineData("")]
    [InlineData(null)]
    public void Other_text_is_no_amount(string? text) => Assert.Null(DealAmounts.Read(text));

    [Theory]
    [InlineData("0.01", true)]
    [InlineData("0.001", false)]
    [InlineData("-0.01", false)]
    [InlineData("1000000000000", false)]
    public void Amount_that_a_person_enters(string amount, bool isValid) =>
        Assert.Equal(isValid, DealAmounts.IsValid(decimal.Parse(amount, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(" eur ", "EUR")]
    [InlineData("CHF", "CHF")]
    [InlineData("XXX", null)]
    [InlineData("Euro", null)]
    [InlineData(null, null)]
    public void Currency_is_read_in_any_letter_case(string? text, string? expected) => Assert.Equal(expected, Currencies.Read(text));
}
