using System.Text;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Rejections;

public sealed class GetWebhookRejectionTests(TestApp app)
{
    [Fact]
    public async Task Body_and_headers_are_shown_secrets_redacted()
    {
        var (endpoint, client) = await CreateAsync();
        var id = await app.RefuseAsync(
            endpoint, "{\"é\": 1}"u8.ToArray(), headers: [("X-Test", "the wrong secret"), ("X-Request-Id", "42")]);

        var data = await GetAsync(client, id);

        Assert.Equal(id, data.GetProperty("id").GetGuid());
        Assert.Equal("{\"é\": 1}", data.GetProperty("body_text").GetString());
        Assert.Equal("{\"é\": 1}"u8.ToArray(), data.GetProperty("body_base64").GetBytesFromBase64());
        data.GetProperty("headers").AssertIncludes("""{"x-test": "[redacted]", "x-request-id": "42"}""");
    }

    [Fact]
    public async Task Body_that_is_no_text_is_shown_as_bytes_only()
    {
        var (endpoint, client) = await CreateAsync();
        byte[] bytes = [0xff, 0x00, 0xfe];
        var id = await app.RefuseAsync(endpoint, bytes);

        var data = await GetAsync(client, id);

        Assert.Equal(JsonValueKind.Null, data.GetProperty("body_text").ValueKind);
        Assert.Equal(bytes, data.GetProperty("body_base64").GetBytesFromBase64());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Text_that_was_cut_ends_with_its_last_whole_character(int shift)
    {
        var (endpoint, client) = await CreateAsync();
        // Four bytes each, so that the cut goes through one wherever they begin.
        var sent = new string('a', shift) + string.Concat(Enumerable.Repeat("😀", Refusals.Kept));
        var id = await app.RefuseAsync(endpoint, sent);

        var data = await GetAsync(client, id);

        Assert.Equal(Encoding.UTF8.GetByteCount(sent), data.GetProperty("body_size").GetInt64());
        Assert.Equal(Refusals.Kept, data.GetProperty("kept_size").GetInt32());
        var text = data.GetProperty("body_text").GetString()!;
        Assert.StartsWith(text, sent, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(text), Refusals.Kept - 3, Refusals.Kept);
    }

    private async Task<(TestEndpoint Endpoint, HttpClient Client)> CreateAsync()
    {
        var reader = await app.CreateUserAsync("read_only");
        return (await app.CreateEndpointAsync(reader.OrganizationId!.Value, mode: "header"), app.As(reader));
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, Guid id)
    {
        using var response = await client.GetAsync($"{Refusals.Rejections}/{id}");
        return await response.DataAsync();
    }
}
