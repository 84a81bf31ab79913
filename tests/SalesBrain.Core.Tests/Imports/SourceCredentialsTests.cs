using System.Text.Json;
using SalesBrain.Core.Imports;

namespace SalesBrain.Core.Tests.Imports;

public sealed class SourceCredentialsTests
{
    [Theory]
    [InlineData("""{"api_key": "a-long-api-key-1234"}""", "1234")]
    [InlineData("""{"client_id": "a-long-client-id", "client_secret": "a-long-secret-wxyz"}""", "wxyz")]
    [InlineData("""{"user": "somebody@example.org", "password": "short"}""", null)]
    [InlineData("""{"api_key": 5}""", null)]
    [InlineData("{}", null)]
    public void Last_characters_are_those_of_the_secret(string credentials, string? last4) =>
        Assert.Equal(last4, SourceCredentials.Last4(JsonElement.Parse(credentials)));
}
