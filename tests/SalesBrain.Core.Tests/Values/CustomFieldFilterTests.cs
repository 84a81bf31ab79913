using SalesBrain.Core.Values;

namespace SalesBrain.Core.Tests.Values;

public sealed class CustomFieldFilterTests
{
    [Theory]
    [InlineData("large", """{"size":"large"}""")]
    [InlineData("50", """{"size":"50"} {"size":50}""")]
    [InlineData("-1.5e3", """{"size":"-1.5e3"} {"size":-1.5e3}""")]
    [InlineData("true", """{"size":"true"} {"size":true}""")]
    [InlineData("True", """{"size":"True"}""")]
    [InlineData("null", """{"size":"null"}""")]
    [InlineData("05", """{"size":"05"}""")]
    [InlineData("1e999", """{"size":"1e999"}""")]
    public void Text_is_also_the_number_or_boolean_that_it_spells(string value, string expected) =>
        Assert.Equal(expected, string.Join(' ', new CustomFieldFilter("size", [value]).Alternatives()));

    [Fact]
    public void Quotes_in_names_and_values_stay_inside_them() =>
        Assert.Equal(["""{"a\u0022b":"c\u0022d\\"}"""], new CustomFieldFilter("a\"b", ["c\"d\\"]).Alternatives());
}
