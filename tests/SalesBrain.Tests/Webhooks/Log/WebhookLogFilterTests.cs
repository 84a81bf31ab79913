using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Log;

/// <summary>Every filter of the log list, alone and together, against what a reader of the specification would pick.</summary>
[Collection(SerialApp.Collection)]
public sealed class WebhookLogFilterTests(SerialApp app)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Filters_by_type_source_and_status_take_one_or_several_values()
    {
        var (owner, organization) = await CreateOwnerAsync();
        var sent = await app.CreateWebhookLogAsync(organization, eventType: "email.sent", createdAt: Noon);
        var opened = await app.CreateWebhookLogAsync(
            organization, eventType: "email.opened", eventSource: "n8n", createdAt: Noon.AddSeconds(1));
        var failed = await app.CreateWebhookLogAsync(organization, "failed", "email.replied", "zapier", createdAt: Noon.AddSeconds(2));
        var dead = await app.CreateWebhookLogAsync(organization, "dead", "email.sent", "zapier", createdAt: Noon.AddSeconds(3));
        var ignored = await app.CreateWebhookLogAsync(organization, "ignored", "something_new", "custom", createdAt: Noon.AddSeconds(4));
        var pending = await app.CreateWebhookLogAsync(organization, "pending", "email.opened", "manual", createdAt: Noon.AddSeconds(5));

        Assert.Equal([dead, sent], await app.LogIdsAsync(owner, "event_type=email.sent"));
        Assert.Equal([dead, failed, sent], await app.LogIdsAsync(owner, "event_type=email.sent&event_type=email.replied"));
        Assert.Equal([dead, failed, sent], await app.LogIdsAsync(owner, "event_type=email.sent,email.replied,email.sent"));
        Assert.Equal([ignored], await app.LogIdsAsync(owner, "event_type=something_new"));
        Assert.Equal([dead, sent], await app.LogIdsAsync(owner, "event_type=email_sent"));
        Assert.Empty(await app.LogIdsAsync(owner, "event_type=no.such.type"));

        Assert.Equal([dead, failed], await app.LogIdsAsync(owner, "event_source=zapier"));
        Assert.Equal([pending, opened], await app.LogIdsAsync(owner, "event_source=manual&event_source=n8n"));

        Assert.Equal([opened, sent], await app.LogIdsAsync(owner, "status=processed"));
        Assert.Equal([pending], await app.LogIdsAsync(owner, "status=pending"));
        Assert.Equal([dead, failed], await app.LogIdsAsync(owner, "status=failed&status=dead"));
        Assert.Equal([ignored, opened, sent], await app.LogIdsAsync(owner, "status=processed&status=ignored"));

        Assert.Equal(
            [dead], await app.LogIdsAsync(owner, "status=failed,dead&event_type=email.sent,email.opened&event_source=zapier,instantly"));
        Assert.Equal([pending, opened], await app.LogIdsAsync(owner, "status=pending,processed&event_type=email.opened"));
    }

    [Fact]
    public async Task Filter_by_campaign_is_by_its_id()
    {
        var (owner, organization) = await CreateOwnerAsync();
        var campaign = await app.CreateCampaignAsync(organization);
        var log = await app.CreateWebhookLogAsync(organization, campaignId: campaign);
        var opened = await app.CreateWebhookLogAsync(organization, eventType: "email.opened", campaignId: campaign);
        await app.CreateWebhookLogAsync(organization, campaignName: "another");

        Assert.Equal([opened, log], await app.LogIdsAsync(owner, $"campaign_id={campaign}"));
        Assert.Equal([opened], await app.LogIdsAsync(owner, $"campaign_id={campaign}&event_type=email.opened,email.replied"));
        Assert.Empty(await app.LogIdsAsync(owner, $"campaign_id={Guid.NewGuid()}"));
    }

    [Fact]
    public async Task Filter_by_address_is_by_the_whole_of_it_in_any_spelling()
    {
        var (owner, organization) = await CreateOwnerAsync();
        var log = await app.CreateWebhookLogAsync(organization, contactEmail: "Ann.Lee@Example.com");
        await app.CreateWebhookLogAsync(organization, contactEmail: "joann.lee@example.com");

        Assert.Equal([log], await app.LogIdsAsync(owner, "contact_email=%20ANN.lee@example.COM"));
        Assert.Empty(await app.LogIdsAsync(owner, "contact_email=ann"));
    }

    [Fact]
    public async Task Range_begins_with_its_first_moment_and_ends_before_its_last()
    {
        var (owner, organization) = await CreateOwnerAsync();
        var before = await app.CreateWebhookLogAsync(organization, createdAt: Noon.AddDays(-40));
        var midnight = await app.CreateWebhookLogAsync(organization, createdAt: new DateTimeOffset(2026, 3, 15, 0, 0, 0, TimeSpan.Zero));
        var noon = await app.CreateWebhookLogAsync(organization, createdAt: Noon);

        Assert.Equal([noon, midnight], await app.LogIdsAsync(owner, "date_from=2026-03-15"));
        Assert.Equal([before], await app.LogIdsAsync(owner, "date_to=2026-03-15"));
        Assert.Equal([midnight], await app.LogIdsAsync(owner, "date_from=2026-03-15&date_to=2026-03-15T12:00:00Z"));
        Assert.Equal([noon], await app.LogIdsAsync(owner, "date_from=2026-03-15T13:00:00%2B01:00&date_to=2026-03-15T12:00:00.001Z"));
        Assert.Empty(await app.LogIdsAsync(owner, "date_from=2026-03-15&date_to=2026-03-15"));
    }

    [Theory]
    [InlineData("processed")]
    [InlineData("pending")]
    [InlineData("ignored")]
    [InlineData("failed")]
    [InlineData("dead")]
    public async Task Search_finds_part_of_address_campaign_and_type_in_any_status(string status)
    {
        var (owner, organization) = await CreateOwnerAsync();
        var log = await app.CreateWebhookLogAsync(
            organization, status, "lead.meeting_booked", contactEmail: "Ann.Lee@Example.com", campaignName: "Kanzleien Süd Q3");
        await app.CreateWebhookLogAsync(organization, status, contactEmail: "bob@other.test", campaignName: "Dentists");

        foreach (var term in new[] { "ann.lee", "LEE@EX", "@example", "ann.lee@example.com", "nn", "kanzlei", "SÜD", "q3", "meeting", "booked", "g_b" })
        {
            Assert.True((await app.LogIdsAsync(owner, "search=" + Uri.EscapeDataString(term))) is [var found] && found == log, term);
        }
        Assert.Empty(await app.LogIdsAsync(owner, "search=nobody"));
        Assert.Equal(
            [log], await app.LogIdsAsync(owner, $"search=lee&status={status}&event_type=lead.meeting_booked&event_source=instantly"));
        Assert.Empty(await app.LogIdsAsync(owner, "search=lee&event_type=email.sent"));
    }

    [Fact]
    public async Task Search_finds_errors_by_code_and_by_text()
    {
        var (owner, organization) = await CreateOwnerAsync();
        var failed = await app.CreateWebhookLogAsync(
            organization, "failed", errorCode: "contact_email_missing", errorMessage: "The event carries no address.");
        var dead = await app.CreateWebhookLogAsync(
            organization, "dead", errorCode: "processing_failed", errorMessage: "Timeout of something.");

        Assert.Equal([failed], await app.LogIdsAsync(owner, "search=email_missing"));
        Assert.Equal([dead], await app.LogIdsAsync(owner, "search=timeout"));
        Assert.Equal([dead, failed], await app.LogIdsAsync(owner, "search=em"));
    }

    [Theory]
    [InlineData("100%", "Growth 100% sure", "Growth 1000 sure")]
    [InlineData("a_b", "list a_b", "list axb")]
    [InlineData("%%", "50%% off", "50 off")]
    [InlineData(@"c:\x", @"from c:\x", "from c:x")]
    [InlineData("__", "x__y", "xaay")]
    public async Task Search_takes_every_character_for_itself(string term, string matching, string other)
    {
        var (owner, organization) = await CreateOwnerAsync();
        var processed = await app.CreateWebhookLogAsync(organization, campaignName: matching);
        var ignored = await app.CreateWebhookLogAsync(organization, "ignored", "t.u", campaignName: matching);
        var pending = await app.CreateWebhookLogAsync(organization, "pending", "t.u", campaignName: matching);
        foreach (var status in new[] { "processed", "ignored", "pending" })
        {
            await app.CreateWebhookLogAsync(organization, status, "t.u", campaignName: other);
        }

        Assert.Equal([pending, ignored, processed], await app.LogIdsAsync(owner, "search=" + Uri.EscapeDataString(term)));
    }

    [Fact]
    public async Task Search_finds_a_log_once_however_it_matches()
    {
        var (owner, organization) = await CreateOwnerAsync();
        var log = await app.CreateWebhookLogAsync(
            organization, eventType: "email.sent", contactEmail: "email.sent@example.com", campaignName: "email.sent");

        Assert.Equal([log], await app.LogIdsAsync(owner, "search=email.sent"));
    }

    [Fact]
    public async Task Search_for_a_whole_address_finds_it_where_the_contact_has_another_by_now()
    {
        var (owner, organization) = await CreateOwnerAsync();
        var log = await app.CreateWebhookLogAsync(organization, contactEmail: "old@example.com");
        await app.ExecuteAsync(
            "update app.contact set email = 'new@x.test', email_norm = 'new@x.test' where organization_id = @organization",
            new { organization });

        Assert.Equal([log], await app.LogIdsAsync(owner, "search=OLD@example.com"));
    }

    [Fact]
    public async Task Search_for_what_most_logs_match_pages_through_all_of_them()
    {
        var (owner, organization) = await CreateOwnerAsync();
        await CreateManyAsync(organization, "dead", 1010, "null");
        await CreateManyAsync(organization, "processed", 1010, "'somebody' || n || '@common.test'");
        await app.ExecuteAsync("""
            insert into app.contact (organization_id, email, email_norm)
            select organization_id, contact_email, contact_email_norm from app.webhook_log
            where organization_id = @organization and contact_email is not null
            """, new { organization });
        var operators = await app.CreateUserAsync("sb_operator");

        Assert.Equal(1010, (await WalkAsync(owner, "search=common.test")).Count);
        Assert.Equal(1010, (await WalkAsync(owner, "search=went%20wrong")).Count);
        Assert.Equal(1010, (await WalkAsync(operators, $"search=common.test&organization_id={organization}")).Count);
        Assert.Equal(1010, (await WalkAsync(operators, "search=common.test")).Count);
        Assert.Equal(1010, (await WalkAsync(operators, "search=went%20wrong")).Count);
    }

    private async Task<HashSet<Guid>> WalkAsync(TestUser user, string query)
    {
        var client = app.As(user);
        var ids = new HashSet<Guid>();
        string? cursor = null;
        do
        {
            var data = await (await client.GetAsync($"/api/admin/webhooks/logs?limit=400&{query}&cursor={cursor}")).DataAsync();
            Assert.False(data.GetProperty("total_is_exact").GetBoolean());
            Assert.All(data.GetProperty("logs").EnumerateArray(), row => Assert.True(ids.Add(row.GetProperty("id").GetGuid())));
            cursor = data.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        return ids;
    }

    private async Task CreateManyAsync(Guid organization, string status, int count, string email)
    {
        var rows = Enumerable.Range(0, count).Select(i => WebhookLogIds.Create(Noon.AddSeconds(i))).ToArray();
        await app.EnsurePartitionsAsync(rows[0].CreatedAt);
        await app.ExecuteAsync($"""
            insert into app.webhook_log (
                id, organization_id, event_source, event_type, status, contact_email, contact_email_norm, error_message, occurred_at, created_at,
                processed_at, last_delivered_at)
            select r.id, @organization, 'instantly', 'email.sent', @status, {email}, {email}, case when @status = 'dead' then 'It went wrong' end,
                r.at, r.at, r.at, r.at
            from unnest(@ids, @times) with ordinality r (id, at, n)
            """, new { organization, status, ids = rows.Select(row => row.Id).ToArray(), times = rows.Select(row => row.CreatedAt).ToArray() });
    }

    private async Task<(TestUser Owner, Guid OrganizationId)> CreateOwnerAsync()
    {
        var owner = await app.CreateUserAsync("owner");
        return (owner, owner.OrganizationId!.Value);
    }
}
