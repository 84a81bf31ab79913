using SalesBrain.Core.Webhooks.Events;

namespace SalesBrain.Core.Tests.Webhooks.Events;

public sealed class SenderIdsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  \t")]
    [InlineData("undefined")]
    [InlineData(" UNDEFINED ")]
    [InlineData("null")]
    [InlineData("\"null\"")]
    [InlineData("(null)")]
    [InlineData("<none>")]
    [InlineData("None")]
    [InlineData("nil")]
    [InlineData("NaN")]
    [InlineData("n/a")]
    [InlineData("0")]
    [InlineData("000")]
    [InlineData("0.0")]
    [InlineData("-")]
    [InlineData("{{}}")]
    [InlineData("[object Object]")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public void Text_in_place_of_an_id_is_none(string? text) => Assert.Null(SenderIds.Clean(text));

    [Theory]
    [InlineData("1", "1")]
    [InlineData(" msg_1 ", "msg_1")]
    [InlineData("\"msg_1\"", "msg_1")]
    [InlineData("nullable", "nullable")]
    [InlineData("00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000001")]
    public void Id_is_taken_without_what_surrounds_it(string text, string id) => Assert.Equal(id, SenderIds.Clean(text));
}
