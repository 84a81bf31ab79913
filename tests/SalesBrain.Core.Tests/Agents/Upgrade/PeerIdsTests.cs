using SalesBrain.Core.Agents.Upgrade;

namespace SalesBrain.Core.Tests.Agents.Upgrade;

public sealed class PeerIdsTests
{
    [Theory]
    [InlineData("491510000001", "491510000001")]
    [InlineData(" +49 (151) 000-0001 ", "491510000001")]
    [InlineData("0049 151 0000001", "491510000001")]
    [InlineData("US.13491208655302741918", "US.13491208655302741918")]
    [InlineData("0151 0000001", null)]
    [InlineData("123456", null)]
    [InlineData("1234567890123456", null)]
    [InlineData("Ada Lovelace", null)]
    [InlineData("  ", null)]
    [InlineData(null, null)]
    public void Phone_numbers_become_digits_with_the_country_code(string? text, string? expected) =>
        Assert.Equal(expected, PeerIds.Read(text));
}
