using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Log;

/// <summary>Pages of the log list by offset and by cursor.</summary>
public sealed class WebhookLogPagingTests(TestApp app)
{
    private const string Path = "/api/admin/webhooks/logs";
    private static readonly DateTimeOffset Noon = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Offset_leaves_rows_out_and_says_whether_there_are_more()
    {
        var (owner, ids) = await CreateLogsAsync(5);

        var first = await PageAsync(owner, "limit=2&offset=1");
        var last = await PageAsync(owner, "limit=2&offset=3");
        var beyond = await PageAsync(owner, "limit=2&offset=9");

        Assert.Equal(ids[1..3], IdsOf(first));
        first.AssertIncludes(new { Total = 5, Offset = 1, Limit = 2, HasMore = true });
        Assert.Equal(ids[3..], IdsOf(last));
        Assert.False(last.GetProperty("has_more").GetBoolean());
        Assert.Equal(JsonValueKind.Null, last.GetProperty("next_cursor").ValueKind);
        Assert.Empty(IdsOf(beyond));
        Assert.Equal(5, Int(beyond, "total"));
    }

    [Fact]
    public async Task Cursor_goes_on_behind_a_page_by_offset_and_counts_on()
    {
        var (owner, ids) = await CreateLogsAsync(5);
        var first = await PageAsync(owner, "limit=2&offset=1");

        var next = await PageAsync(owner, $"limit=1&cursor={first.GetProperty("next_cursor").GetString()}");

        Assert.Equal([ids[3]], IdsOf(next));
        Assert.Equal(3, Int(next, "offset"));
        Assert.True(next.GetProperty("has_more").GetBoolean());
    }

    [Theory]
    [InlineData("")]
    [InlineData("&event_type=email.sent,email.opened")]
    [InlineData("&search=email")]
    public async Task Walk_by_cursor_neither_repeats_nor_skips_while_rows_are_inserted_and_removed(string filter)
    {
        var (owner, ids) = await CreateLogsAsync(40, index => index % 2 == 0 ? "email.sent" : "email.opened");
        var organization = owner.OrganizationId!.Value;
        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await PageAsync(owner, $"limit=3&cursor={cursor}{filter}");
            seen.AddRange(IdsOf(page));
            cursor = page.GetProperty("next_cursor").GetString();
            // A newer webhook arrives, and a cleanup deletes one from the pages already read.
            await app.CreateWebhookLogAsync(organization, createdAt: Noon.AddDays(1));
            await app.ExecuteAsync("delete from app.webhook_log where id = @id", new { id = seen[0] });
        }
        while (cursor is not null);

        Assert.Equal(ids, seen);
    }

    [Fact]
    public async Task Cursor_walks_equal_times_in_a_fixed_order()
    {
        var owner = await app.CreateUserAsync("owner");
        for (var i = 0; i < 7; i++)
        {
            await app.CreateWebhookLogAsync(owner.OrganizationId!.Value, createdAt: Noon);
        }
        var all = await app.LogIdsAsync(owner);
        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await PageAsync(owner, $"limit=2&cursor={cursor}");
            seen.AddRange(IdsOf(page));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);

        Assert.Equal(all, seen);
    }

    [Theory]
    [InlineData("status=processed")]
    [InlineData("event_type=email.sent&date_from=2020-01-01")]
    [InlineData("event_type=email.opened")]
    public async Task Cursor_of_another_filter_is_refused(string other)
    {
        var (owner, _) = await CreateLogsAsync(3);
        var cursor = (await PageAsync(owner, "limit=1&event_type=email.sent")).GetProperty("next_cursor").GetString();
        Assert.NotNull(cursor);

        using var response = await app.As(owner).GetAsync($"{Path}?limit=1&{other}&cursor={cursor}");

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Contains("filter", problem.GetProperty("errors").GetProperty("cursor")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cursor_and_offset_together_are_refused()
    {
        var (owner, _) = await CreateLogsAsync(3);
        var cursor = (await PageAsync(owner, "limit=1")).GetProperty("next_cursor").GetString();

        using var response = await app.As(owner).GetAsync($"{Path}?limit=1&offset=1&cursor={cursor}");

        await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
    }

    [Fact]
    public async Task Cursor_of_another_organization_is_refused()
    {
        var (stranger, _) = await CreateLogsAsync(3);
        var cursor = (await PageAsync(stranger, "limit=1")).GetProperty("next_cursor").GetString();
        var (owner, _) = await CreateLogsAsync(2, start: Noon.AddDays(-1));

        using var response = await app.As(owner).GetAsync($"{Path}?limit=5&cursor={cursor}");

        await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
    }

    [Fact]
    public async Task Total_beyond_ten_thousand_is_not_exact_and_the_cursor_reaches_further()
    {
        var owner = await app.CreateUserAsync("owner");
        await app.ExecuteAsync("""
            insert into app.webhook_log (id, organization_id, event_source, event_type, status, occurred_at, created_at, processed_at, last_delivered_at)
            select (lpad(to_hex((extract(epoch from t) * 1000)::bigint), 12, '0') || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid,
                @organization, 'instantly', 'email.sent', 'processed', t, t, t, t
            from generate_series(1, 10001) n, lateral (select date_trunc('hour', now()) + n * interval '1 ms' as t) at
            """, new { organization = owner.OrganizationId });

        var page = await PageAsync(owner, "limit=500&offset=9500");
        var beyond = await PageAsync(owner, $"limit=500&cursor={page.GetProperty("next_cursor").GetString()}");

        page.AssertIncludes(new { Total = 10_000, TotalIsExact = false });
        Assert.Single(IdsOf(beyond));
        Assert.Equal(10_000, Int(beyond, "offset"));
        Assert.False(beyond.GetProperty("has_more").GetBoolean());
    }

    /// <summary>An owner with logs a second apart; their ids newest first.</summary>
    private async Task<(TestUser Owner, Guid[] Ids)> CreateLogsAsync(
        int count, Func<int, string>? eventType = null, DateTimeOffset? start = null)
    {
        var owner = await app.CreateUserAsync("owner");
        var ids = new Guid[count];
        for (var i = 0; i < count; i++)
        {
            ids[count - 1 - i] = await app.CreateWebhookLogAsync(
                owner.OrganizationId!.Value, eventType: eventType?.Invoke(i) ?? "email.sent", createdAt: (start ?? Noon).AddSeconds(i));
        }
        return (owner, ids);
    }

    private async Task<JsonElement> PageAsync(TestUser user, string query) =>
        await (await app.As(user).GetAsync($"{Path}?{query}")).DataAsync();

    private static Guid[] IdsOf(JsonElement page) =>
        page.GetProperty("logs").EnumerateArray().Select(row => row.GetProperty("id").GetGuid()).ToArray();

    private static int Int(JsonElement page, string name) => page.GetProperty(name).GetInt32();
}
