using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Log;

/// <summary>
/// A search term that many logs match, all of them old: a page ends before it is full, and says how far back it was searched.
/// </summary>
public sealed class WebhookLogSearchLimitTests(TestApp app)
{
    private const string Path = "/api/admin/webhooks/logs";

    /// <summary>More contacts than are looked up for a term, so that the term is common.</summary>
    private const int Matching = 1010;

    /// <summary>The number of logs that a page is searched in.</summary>
    private const int Searched = 20_000;

    private static readonly DateTime Start = new(2026, 3, 15, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Common_term_is_searched_in_a_limited_number_of_logs_for_each_page()
    {
        var owner = await app.CreateUserAsync("owner");
        await CreateLogsAsync(owner.OrganizationId!.Value, newer: Searched + 5);

        var first = await PageAsync(owner, "search=old.test");
        var second = await PageAsync(owner, $"search=old.test&cursor={first.GetProperty("next_cursor").GetString()}");
        var operators = await app.CreateUserAsync("sb_operator");
        var byOperator = await PageAsync(operators, $"search=old.test&organization_id={owner.OrganizationId}");

        // Row n of the logs without a match was received n seconds after the start; the newest is row 20,005.
        AssertEndsEarly(first, Start.AddSeconds(6));
        AssertEndsEarly(byOperator, Start.AddSeconds(6));
        Assert.Equal(100, second.GetProperty("logs").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("searched_from").ValueKind);
        Assert.Equal(Matching, await WalkAsync(owner, "search=old.test"));
        // A filter does not change which logs are searched. No log is dead, so all pages are empty.
        AssertEndsEarly(await PageAsync(owner, "search=old.test&status=dead"), Start.AddSeconds(6));
        Assert.Equal(0, await WalkAsync(owner, "search=old.test&status=dead"));
        // A range of time is searched from its end.
        Assert.Equal(100, (await PageAsync(owner, $"search=old.test&date_to={Start:O}")).GetProperty("logs").GetArrayLength());

        using var export = await app.As(owner).GetAsync($"{Path}/export?format=json&search=old.test");
        using var exported = JsonDocument.Parse(await export.Content.ReadAsStringAsync());
        Assert.Equal(Matching, exported.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task Common_term_in_few_logs_is_searched_in_all_of_them()
    {
        var owner = await app.CreateUserAsync("owner");
        await CreateLogsAsync(owner.OrganizationId!.Value, newer: 10);

        var page = await PageAsync(owner, "search=old.test&status=dead");

        Assert.Equal(JsonValueKind.Null, page.GetProperty("searched_from").ValueKind);
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next_cursor").ValueKind);
    }

    private static void AssertEndsEarly(JsonElement page, DateTime searchedFrom)
    {
        page.AssertIncludes(new { HasMore = true, TotalIsExact = false });
        Assert.Empty(page.GetProperty("logs").EnumerateArray());
        Assert.Equal(searchedFrom, page.GetProperty("searched_from").GetDateTime());
    }

    /// <summary>Walks to the last page and returns how many logs there were, none of them twice.</summary>
    private async Task<int> WalkAsync(TestUser user, string query)
    {
        var ids = new HashSet<Guid>();
        string? cursor = null;
        do
        {
            var page = await PageAsync(user, $"limit=400&{query}&cursor={cursor}");
            Assert.All(page.GetProperty("logs").EnumerateArray(), row => Assert.True(ids.Add(row.GetProperty("id").GetGuid())));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        return ids.Count;
    }

    /// <summary>Logs of many contacts that a term matches, and after them logs that it does not match, a second apart.</summary>
    private async Task CreateLogsAsync(Guid organization, int newer)
    {
        await app.EnsurePartitionsAsync(Start);
        await app.ExecuteAsync("""
            insert into app.contact (organization_id, email, email_norm)
            select @organization, 'somebody' || n || '@old.test', 'somebody' || n || '@old.test'
            from generate_series(1, @Matching) n;

            insert into app.webhook_log (
                id, organization_id, event_source, event_type, status, contact_email, contact_email_norm, occurred_at, created_at, processed_at, last_delivered_at)
            select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '70008000' || substr(md5(n::text || @organization), 1, 12))::uuid,
                @organization, 'instantly', 'email.sent', 'processed', email, email, at, at, at, at
            from generate_series(1 - @Matching, @newer) n,
                lateral (select @Start + n * interval '1 s' as at, case when n <= 0 then 'somebody' || 1 - n || '@old.test' end as email) l
            """, new { organization, Matching, newer, Start });
    }

    private async Task<JsonElement> PageAsync(TestUser user, string query) =>
        await (await app.As(user).GetAsync($"{Path}?{query}")).DataAsync();
}
