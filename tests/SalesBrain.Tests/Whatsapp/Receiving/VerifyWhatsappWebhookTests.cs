using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Whatsapp.Receiving;

public sealed class VerifyWhatsappWebhookTests(TestApp app)
{
    [Fact]
    public async Task Challenge_is_returned_as_text()
    {
        using var response = await app.Http.GetAsync(
            WhatsappDeliveries.Path + "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=a-verify-token");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("1158201444", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=another-token")]
    [InlineData("?hub.mode=unsubscribe&hub.challenge=1158201444&hub.verify_token=a-verify-token")]
    [InlineData("?hub.mode=subscribe&hub.challenge=1158201444")]
    [InlineData("?hub.mode=subscribe&hub.verify_token=a-verify-token")]
    [InlineData("")]
    public async Task Others_are_refused(string query)
    {
        using var response = await app.Http.GetAsync(WhatsappDeliveries.Path + query);

        await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }
}
