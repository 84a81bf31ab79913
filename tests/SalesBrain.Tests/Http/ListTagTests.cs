using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Http;

/// <summary>Lists that clients refresh are not sent again while they are the same.</summary>
public sealed class ListTagTests(TestApp app)
{
    [Theory]
    [InlineData("/api/v1/leads?page_size=5")]
    [InlineData("/api/v1/campaigns?page_size=5")]
    [InlineData("/api/v1/notifications?page_size=5")]
    [InlineData("/api/v1/jobs?page_size=5")]
    [InlineData("/api/v1/data-sources?page_size=5")]
    public async Task List_is_304_until_a_row_of_the_page_changes(string path)
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        async Task CreateAsync()
        {
            var campaign = await app.CreateCampaignAsync(organization, $"Campaign {Guid.NewGuid()}");
            await app.CreateLeadAsync(organization, campaignId: campaign);
            await app.CreateNotificationAsync(owner);
            await app.CreateJobAsync(organization, campaignId: campaign);
        }
        await CreateAsync();
        using var client = app.As(owner);
        using var first = await client.GetAsync(path);
        var tag = first.Headers.ETag!.Tag;

        using var same = await GetAsync(client, path, tag);
        using var inCamelCase = await GetAsync(client, path, tag, "application/json; case=camel");
        await CreateAsync();
        using var changed = await GetAsync(client, path, tag);

        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal((tag, 0), (same.Headers.ETag!.Tag, (await same.Content.ReadAsByteArrayAsync()).Length));
        Assert.Equal(HttpStatusCode.OK, inCamelCase.StatusCode);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(2, (await changed.JsonAsync()).GetProperty("data").GetArrayLength());
        Assert.NotEqual(tag, changed.Headers.ETag!.Tag);
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path, string tag, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }
        return await client.SendAsync(request);
    }
}
