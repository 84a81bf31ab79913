using System.Net;
using System.Net.Http.Headers;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Log;

/// <summary>The log list asked again: 304 while nothing changed, and never when something did.</summary>
public sealed class WebhookLogTagTests(TestApp app)
{
    private const string Path = "/api/admin/webhooks/logs";

    [Theory]
    [InlineData("owner")]
    [InlineData("sb_operator")]
    public async Task Unchanged_list_is_304_without_a_body(string role)
    {
        var user = await app.CreateUserAsync(role);
        await app.CreateWebhookLogAsync(user.OrganizationId ?? await app.CreateOrganizationAsync());
        // An operator's list is of all organizations, and other tests' events may still be in processing.
        await Eventually.HoldsAsync(
            async () =>
            {
                var tag = await TagAsync(user);
                using var response = await GetAsync(user, tag);
                if (response.StatusCode != HttpStatusCode.NotModified)
                {
                    return false;
                }
                Assert.Equal(tag, response.Headers.ETag);
                Assert.Empty(await response.Content.ReadAsByteArrayAsync());
                Assert.True(response.Headers.CacheControl is { Private: true, NoCache: true });
                return true;
            },
            "the list that nobody changed is 304");
    }

    [Fact]
    public async Task Every_change_of_a_log_or_of_its_campaigns_name_is_noticed()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var campaign = await app.CreateCampaignAsync(organization);
        var id = await app.CreateWebhookLogAsync(organization, campaignId: campaign);
        Func<Task>[] changes =
        [
            () => app.CreateWebhookLogAsync(organization),
            () => app.ExecuteAsync("update app.webhook_log set delivery_count = 2 where id = @id", new { id }),
            () => app.ExecuteAsync("update app.campaign set name = 'New name' where id = @campaign", new { campaign }),
            () => app.ExecuteAsync("delete from app.webhook_log where id = @id", new { id }),
        ];

        foreach (var change in changes)
        {
            var tag = await TagAsync(owner);
            await change();
            using var response = await GetAsync(owner, tag);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Other_organizations_changes_are_not_noticed()
    {
        var owner = await app.CreateUserAsync("owner");
        var tag = await TagAsync(owner);
        await app.CreateWebhookLogAsync(await app.CreateOrganizationAsync());

        using var response = await GetAsync(owner, tag);

        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
    }

    [Fact]
    public async Task Tag_belongs_to_one_question_one_spelling_and_one_organization()
    {
        var owner = await app.CreateUserAsync("owner");
        var stranger = await app.CreateUserAsync("owner");
        var tag = await TagAsync(owner);

        foreach (var response in new[]
        {
            await GetAsync(owner, tag, "?limit=10"), await GetAsync(owner, tag, accept: "application/json; case=camel"),
            await GetAsync(stranger, tag),
        })
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.NotEqual(tag, response.Headers.ETag);
        }
    }

    [Fact]
    public async Task Tag_that_a_proxy_weakened_and_one_of_several_are_recognized()
    {
        var owner = await app.CreateUserAsync("owner");
        var tag = await TagAsync(owner);

        using var weak = await GetAsync(owner, new EntityTagHeaderValue(tag.Tag, isWeak: true));
        using var several = await GetAsync(owner, new EntityTagHeaderValue("\"another\""), tag: tag);

        Assert.Equal(HttpStatusCode.NotModified, weak.StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, several.StatusCode);
    }

    [Fact]
    public async Task Asking_again_costs_the_look_at_the_version_only()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        await app.CreateWebhookLogAsync(organization);
        var tag = await TagAsync(owner);
        // A list query would now fail.
        await app.ExecuteAsync("revoke select on app.webhook_log from salesbrain_tenant");
        try
        {
            using var response = await GetAsync(owner, tag);
            Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
        }
        finally
        {
            await app.ExecuteAsync("grant select on app.webhook_log to salesbrain_tenant");
        }
    }

    private async Task<EntityTagHeaderValue> TagAsync(TestUser user)
    {
        using var response = await app.As(user).GetAsync(Path);
        return response.Headers.ETag!;
    }

    private async Task<HttpResponseMessage> GetAsync(
        TestUser user, EntityTagHeaderValue first, string query = "", string? accept = null, EntityTagHeaderValue? tag = null)
    {
        var client = app.As(user);
        using var request = new HttpRequestMessage(HttpMethod.Get, Path + query);
        request.Headers.IfNoneMatch.Add(first);
        if (tag is not null)
        {
            request.Headers.IfNoneMatch.Add(tag);
        }
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }
        return await client.SendAsync(request);
    }
}
