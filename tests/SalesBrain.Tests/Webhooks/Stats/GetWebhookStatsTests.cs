using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Stats;

public sealed class GetWebhookStatsTests(StatsApp app) : IClassFixture<StatsApp>
{
    private const string Path = "/api/admin/webhooks/stats";

    [Fact]
    public async Task Logs_are_counted_by_status_type_and_source()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        await app.CreateLogsAsync(organization, "2026-03-09T08:00:00Z", count: 6);
        await app.CreateLogsAsync(organization, "2026-03-09T09:00:00Z", "failed", count: 2, type: "email.replied", source: "n8n");
        await app.CreateLogsAsync(organization, "2026-03-10T10:00:00Z", "dead", type: "email.replied");
        await app.CreateLogsAsync(organization, "2026-03-10T10:10:00Z", "ignored", type: "something.new", source: "custom");
        await app.CreateLogsAsync(organization, "2026-03-10T10:20:00Z", "pending");

        foreach (var folded in new[] { false, true })
        {
            var stats = await GetAsync(owner);

            Assert.Equal(11, stats.GetProperty("total").GetInt64());
            Assert.Equal([1, 6, 1, 2, 1], Statuses(stats.GetProperty("by_status")));
            Assert.Equal(
                ["email.sent Email sent 7", "email.replied Reply received 3", "something.new  1"],
                stats.GetProperty("by_type").EnumerateArray()
                    .Select(type => $"{type.GetProperty("event_type")} {type.GetProperty("label")} {type.GetProperty("total")}"));
            Assert.Equal(0, stats.GetProperty("other_types").GetInt64());
            Assert.Equal(
                ["instantly 8", "n8n 2", "custom 1"],
                stats.GetProperty("by_source").EnumerateArray()
                    .Select(source => $"{source.GetProperty("event_source")} {source.GetProperty("total")}"));
            Assert.Equal(6.0 / 9, stats.GetProperty("success_rate").GetDouble());
            Assert.True(folded || await app.FoldTalliesAsync() > 0);
        }
    }

    [Fact]
    public async Task Empty_organization_has_zeros_and_no_rates()
    {
        var stats = await GetAsync(await app.CreateUserAsync("read_only"));

        Assert.Equal(0, stats.GetProperty("total").GetInt64());
        Assert.Equal([0, 0, 0, 0, 0], Statuses(stats.GetProperty("by_status")));
        Assert.Empty(stats.GetProperty("by_type").EnumerateArray());
        Assert.Empty(stats.GetProperty("by_source").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, stats.GetProperty("success_rate").ValueKind);
        Assert.Equal(JsonValueKind.Null, stats.GetProperty("processing_ms").ValueKind);
        Assert.Equal(30, stats.GetProperty("series").GetArrayLength());
    }

    [Theory]
    [InlineData("", "day", "2026-02-09T00:00:00Z", "2026-03-11T00:00:00Z", 30)]
    [InlineData("interval=hour", "hour", "2026-02-08T11:00:00Z", "2026-03-10T11:00:00Z", 720)]
    [InlineData("date_from=2026-03-10T09:30:00Z", "hour", "2026-03-10T09:30:00Z", "2026-03-10T11:00:00Z", 2)]
    [InlineData("date_from=2026-03-01", "day", "2026-03-01T00:00:00Z", "2026-03-11T00:00:00Z", 10)]
    [InlineData("date_to=2026-03-01", "day", "2026-01-30T00:00:00Z", "2026-03-01T00:00:00Z", 30)]
    [InlineData("dateFrom=2026-03-01&dateTo=2026-03-08", "hour", "2026-03-01T00:00:00Z", "2026-03-08T00:00:00Z", 168)]
    [InlineData("date_from=2026-03-01&date_to=2026-03-08T00:00:01Z", "day", "2026-03-01T00:00:00Z", "2026-03-08T00:00:01Z", 8)]
    [InlineData("date_from=2025-02-04&date_to=2026-03-11", "day", "2025-02-04T00:00:00Z", "2026-03-11T00:00:00Z", 400)]
    [InlineData("date_from=2026-03-10T12:30:00%2B02:00&date_to=2026-03-10T12:40:00%2B02:00", "hour", "2026-03-10T10:30:00Z", "2026-03-10T10:40:00Z", 1)]
    public async Task Range_and_interval_have_defaults(string query, string interval, string from, string to, int buckets)
    {
        var stats = await GetAsync(await app.CreateUserAsync("owner"), query);

        Assert.Equal(interval, stats.GetProperty("interval").GetString());
        Assert.Equal(from, stats.GetProperty("date_from").GetString());
        Assert.Equal(to, stats.GetProperty("date_to").GetString());
        Assert.Equal(buckets, stats.GetProperty("series").GetArrayLength());
    }

    [Fact]
    public async Task Series_has_every_bucket()
    {
        var owner = await app.CreateUserAsync("owner");
        await app.CreateLogsAsync(owner.OrganizationId!.Value, "2026-03-01T01:59:59.999Z");
        await app.CreateLogsAsync(owner.OrganizationId!.Value, "2026-03-01T04:00:00Z", "failed", count: 2);

        var hours = await GetAsync(owner, "date_from=2026-03-01&date_to=2026-03-01T06:00:00Z");
        var days = await GetAsync(owner, "date_from=2026-02-27T12:00:00Z&date_to=2026-03-02T12:00:00Z&interval=day");

        Assert.Equal(
            ["2026-03-01T00:00:00Z 0", "2026-03-01T01:00:00Z 1", "2026-03-01T02:00:00Z 0", "2026-03-01T03:00:00Z 0", "2026-03-01T04:00:00Z 2", "2026-03-01T05:00:00Z 0"],
            Series(hours));
        Assert.Equal([0, 0, 0, 2, 0], Statuses(hours.GetProperty("series")[4].GetProperty("by_status")));
        Assert.Equal(
            ["2026-02-27T00:00:00Z 0", "2026-02-28T00:00:00Z 0", "2026-03-01T00:00:00Z 3", "2026-03-02T00:00:00Z 0"], Series(days));
    }

    [Theory]
    [InlineData("hour")]
    [InlineData("day")]
    public async Task Range_is_half_open_to_the_millisecond(string interval)
    {
        var owner = await app.CreateUserAsync("owner");
        foreach (var at in new[] { "2026-02-28T23:29:59.999Z", "2026-02-28T23:30:00Z", "2026-03-02T00:45:59.999Z", "2026-03-02T00:46:00Z" })
        {
            await app.CreateLogsAsync(owner.OrganizationId!.Value, at);
        }
        var query = $"date_from=2026-02-28T23:30:00Z&date_to=2026-03-02T00:46:00Z&interval={interval}";

        var before = await GetAsync(owner, query);
        await app.FoldTalliesAsync();
        var after = await GetAsync(owner, query);

        foreach (var stats in new[] { before, after })
        {
            Assert.Equal(2, stats.GetProperty("total").GetInt64());
            Assert.Equal(2, stats.GetProperty("by_type")[0].GetProperty("total").GetInt64());
            Assert.Equal(1, stats.GetProperty("series")[0].GetProperty("total").GetInt64());
            Assert.Equal(1, stats.GetProperty("series").EnumerateArray().Last().GetProperty("total").GetInt64());
        }
    }

    [Fact]
    public async Task Any_range_equals_counting_the_logs()
    {
        var owner = await app.CreateUserAsync("owner");
        var start = new DateTime(2026, 1, 30, 0, 0, 0, DateTimeKind.Utc);
        var random = new Random(4711);
        var logs = Enumerable.Range(0, 150)
            .Select(_ => (At: start.AddMilliseconds(random.NextInt64(4 * 86_400_000L)), Status: random.Next(3))).ToList();
        foreach (var (at, status) in logs)
        {
            await app.CreateLogsAsync(owner.OrganizationId!.Value, at.ToString("O"), new[] { "processed", "failed", "ignored" }[status]);
        }
        for (var i = 0; i < 24; i++)
        {
            // Half of it added up, half of it not; then all of it.
            if (i == 12)
            {
                await app.FoldTalliesAsync();
            }
            var minutes = new[] { 1, 60, 1440 }[i % 3];
            var from = start.AddMinutes(random.Next(-1440 / minutes, 4 * 1440 / minutes) * minutes);
            var to = from.AddMinutes(random.Next(1, 4 * 1440 / minutes) * minutes);

            var stats = await GetAsync(
                owner, $"date_from={from:yyyy-MM-ddTHH:mm:ssZ}&date_to={to:yyyy-MM-ddTHH:mm:ssZ}&interval={(i % 2 == 0 ? "hour" : "day")}");

            var expected = logs.Where(log => log.At >= from && log.At < to).ToList();
            Assert.Equal(expected.Count, stats.GetProperty("total").GetInt64());
            Assert.Equal(
                expected.Count, stats.GetProperty("by_source").EnumerateArray().Sum(source => source.GetProperty("total").GetInt64()));
            Assert.Equal(
                expected.Count, stats.GetProperty("series").EnumerateArray().Sum(bucket => bucket.GetProperty("total").GetInt64()));
            Assert.Equal(expected.Count(log => log.Status == 1), stats.GetProperty("by_status").GetProperty("failed").GetInt64());
            Assert.Equal(expected.Any(log => log.Status == 0), stats.GetProperty("processing_ms").ValueKind == JsonValueKind.Object);
        }
    }

    [Fact]
    public async Task Percentiles_are_of_processed_logs_in_the_range()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        await app.CreateLogsAsync(organization, "2026-03-05T08:00:00Z", count: 90, processingMs: 8);
        await app.CreateLogsAsync(organization, "2026-03-05T09:30:00Z", count: 8, processingMs: 200);
        await app.CreateLogsAsync(organization, "2026-03-06T09:30:00Z", count: 2, processingMs: 30_000);
        await app.CreateLogsAsync(organization, "2026-03-07T09:30:00Z", count: 500, processingMs: 1);

        var times = (await GetAsync(owner, "date_from=2026-03-05&date_to=2026-03-07")).GetProperty("processing_ms");

        Assert.Equal(8, times.GetProperty("p50").GetInt32());
        Assert.InRange(times.GetProperty("p95").GetInt32(), 190, 210);
        Assert.InRange(times.GetProperty("p99").GetInt32(), 28_500, 31_500);
    }

    [Fact]
    public async Task Retried_and_deleted_logs_move_and_leave()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        await app.CreateLogsAsync(organization, "2026-03-08T08:00:00Z", "failed", count: 3);
        await app.FoldTalliesAsync();
        await app.ExecuteAsync("""
            update app.webhook_log set status = 'processed', due_at = null, processed_at = now(), processing_ms = 5
            where (organization_id, id) in (select organization_id, id from app.webhook_log where organization_id = @organization limit 2);
            delete from app.webhook_log where organization_id = @organization and status = 'failed';
            """, new { organization });

        var stats = await GetAsync(owner);

        Assert.Equal([0, 2, 0, 0, 0], Statuses(stats.GetProperty("by_status")));
        Assert.Equal(5, stats.GetProperty("processing_ms").GetProperty("p50").GetInt32());
    }

    [Fact]
    public async Task Dropped_month_is_not_counted_any_more()
    {
        var owner = await app.CreateUserAsync("owner");
        await app.CreateLogsAsync(owner.OrganizationId!.Value, "2025-07-31T23:59:59Z");
        await app.CreateLogsAsync(owner.OrganizationId!.Value, "2025-08-01T00:00:00Z", count: 2, type: "email.opened");
        await app.FoldTalliesAsync();
        await app.CreateLogsAsync(owner.OrganizationId!.Value, "2025-08-31T23:59:59Z", "ignored");
        await app.CreateLogsAsync(owner.OrganizationId!.Value, "2025-09-01T00:00:00Z");

        Assert.True(await app.QuerySingleAsync<bool>("select app.drop_month_partition('webhook_log', '2025-08-15')"));
        var dropped = await GetAsync(owner, "date_from=2025-07-01&date_to=2025-10-01");
        while (await app.QuerySingleAsync<long>("select app.fold_tally_changes(1)") > 0)
        {
            // One by one, so that what belongs together is torn apart.
        }
        var folded = await GetAsync(owner, "date_from=2025-07-01&date_to=2025-10-01");

        foreach (var stats in new[] { dropped, folded })
        {
            Assert.Equal([0, 2, 0, 0, 0], Statuses(stats.GetProperty("by_status")));
            Assert.Equal("email.sent", Assert.Single(stats.GetProperty("by_type").EnumerateArray()).GetProperty("event_type").GetString());
        }
        Assert.Equal(0, await app.QuerySingleAsync<long>("""
            select count(*) from app.webhook_log_tally
            where organization_id = @OrganizationId and period <> 'ever' and starts_at >= '2025-08-01' and starts_at < '2025-09-01'
            """, new { owner.OrganizationId }));
    }

    [Fact]
    public async Task Organizations_never_see_each_other_and_the_platform_sees_all()
    {
        var one = await app.CreateUserAsync("owner");
        var other = await app.CreateUserAsync("admin");
        var platform = await app.CreateUserAsync("sb_operator");
        await app.CreateLogsAsync(one.OrganizationId!.Value, "2026-01-03T08:10:00Z", count: 2);
        await app.CreateLogsAsync(other.OrganizationId!.Value, "2026-01-03T08:20:00Z", count: 5);

        foreach (var range in new[] { "date_from=2026-01-01&date_to=2026-01-05", "date_from=2026-01-03T08:05:00Z&date_to=2026-01-03T08:55:00Z" })
        {
            Assert.Equal(2, await TotalAsync(one, range));
            Assert.Equal(5, await TotalAsync(other, range));
            Assert.Equal(2, await TotalAsync(one, $"{range}&organization_id={one.OrganizationId}"));
            Assert.Equal(0, await TotalAsync(one, $"{range}&organization_id={other.OrganizationId}"));
            Assert.Equal(7, await TotalAsync(platform, range));
            Assert.Equal(5, await TotalAsync(platform, $"{range}&organization_id={other.OrganizationId}"));
            Assert.Equal(0, await TotalAsync(platform, $"{range}&organization_id={Guid.NewGuid()}"));
        }
    }

    [Fact]
    public async Task Most_frequent_types_are_answered_and_the_others_summed_up()
    {
        var owner = await app.CreateUserAsync("owner");
        for (var i = 0; i < 103; i++)
        {
            await app.CreateLogsAsync(
                owner.OrganizationId!.Value, "2026-03-04T08:00:00Z", "ignored", count: i < 100 ? 2 : 1, type: $"invented.{i}",
                source: "custom");
        }

        var stats = await GetAsync(owner);

        Assert.Equal(100, stats.GetProperty("by_type").GetArrayLength());
        Assert.All(stats.GetProperty("by_type").EnumerateArray(), type => Assert.Equal(2, type.GetProperty("total").GetInt64()));
        Assert.Equal(3, stats.GetProperty("other_types").GetInt64());
    }

    [Theory]
    [InlineData("date_from=yesterday", "date_from")]
    [InlineData("date_to=2026-02-30", "date_to")]
    [InlineData("interval=week", "interval")]
    [InlineData("organization_id=acme", "organization_id")]
    [InlineData("status=failed", "status")]
    [InlineData("date_from=2026-03-05&date_to=2026-03-05", "date_from")]
    [InlineData("date_from=2026-03-05&date_to=2026-03-04", "date_from")]
    [InlineData("date_from=2027-01-01", "date_from")]
    [InlineData("date_from=2025-02-03&date_to=2026-03-11", "date_from")]
    [InlineData("date_from=2025-12-01&date_to=2026-03-10&interval=hour", "interval")]
    public async Task Bad_input_is_refused(string query, string parameter)
    {
        using var response = await app.As(await app.CreateUserAsync("owner")).GetAsync($"{Path}?{query}");

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(parameter, problem.Members());
    }

    [Fact]
    public async Task Roles_below_the_organization_and_strangers_are_refused()
    {
        using var agency = await app.As(await app.CreateUserAsync("agency_admin")).GetAsync(Path);
        await agency.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");

        using var stranger = await app.Http.GetAsync(Path);
        await stranger.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    private async Task<JsonElement> GetAsync(TestUser user, string query = "") =>
        await (await app.As(user).GetAsync($"{Path}?{query}")).DataAsync();

    private async Task<long> TotalAsync(TestUser user, string query) => (await GetAsync(user, query)).GetProperty("total").GetInt64();

    /// <summary>pending, processed, ignored, failed, dead.</summary>
    private static long[] Statuses(JsonElement byStatus)
    {
        Assert.Equal(["pending", "processed", "ignored", "failed", "dead"], byStatus.EnumerateObject().Select(status => status.Name));
        return byStatus.EnumerateObject().Select(status => status.Value.GetInt64()).ToArray();
    }

    private static IEnumerable<string> Series(JsonElement stats) =>
        stats.GetProperty("series").EnumerateArray()
            .Select(bucket => $"{bucket.GetProperty("starts_at").GetString()} {bucket.GetProperty("total")}");
}
