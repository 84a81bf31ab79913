using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Analytics;

/// <summary>The days, periods and buckets of reports.</summary>
[Collection(AnalyticsApp.Collection)]
public sealed class ReportPeriodTests(AnalyticsApp app)
{
    /// <summary>In each zone, whether the organization has it (daily rows) or the caller asks for it (activities).</summary>
    [Theory]
    [InlineData("Europe/Paris", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 23)]
    [InlineData("Europe/Paris", "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 25)]
    [InlineData("Asia/Kolkata", "2026-03-29", "2026-03-28T18:30:00Z", "2026-03-29T18:30:00Z", 24)]
    [InlineData("Asia/Kathmandu", "2026-03-29", "2026-03-28T18:15:00Z", "2026-03-29T18:15:00Z", 24)]
    [InlineData("Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z", 24.5)]
    [InlineData("Pacific/Apia", "2026-03-29", "2026-03-28T11:00:00Z", "2026-03-29T11:00:00Z", 24)]
    // The island was moved across the date line: there was no 30 December 2011.
    [InlineData("Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z", 24)]
    public async Task Day_is_a_local_day_of_the_zone(string zone, string day, string from, string to, double hours)
    {
        foreach (var own in new[] { true, false })
        {
            var (client, lead, place) = await app.CreateReportedLeadAsync(own ? zone : "America/New_York");
            foreach (var at in new[] { AnalyticsWorld.Utc(from).AddTicks(-10), AnalyticsWorld.Utc(from), AnalyticsWorld.Utc(to).AddTicks(-10), AnalyticsWorld.Utc(to) })
            {
                await app.CreateActivityAsync(lead, at, "email.sent");
            }
            foreach (var folded in new[] { false, true })
            {
                var report = await client.GetDataAsync(
                    $"{AnalyticsWorld.Overview}?date_from={day}&date_to={day}{(own ? "" : $"&tz={zone}")}");

                report.AssertIncludes(new
                {
                    Resolved = new { From = from, To = to, Tz = zone, GroupBy = "day" },
                    Totals = new { Contacted = 2, ContactedLeads = 1 },
                    Previous = new { To = from },
                });
                Assert.Equal($"{day} False 2", Assert.Single(AnalyticsWorld.Series(report)));
                Assert.Equal(TimeSpan.FromHours(hours), AnalyticsWorld.Utc(to) - AnalyticsWorld.Utc(from));
                await app.AssertCountedAsync(report, $"l.organization_id = '{place.OrganizationId}'", zone);
                await app.FoldAnalyticsAsync();
            }
        }
    }

    [Fact]
    public async Task Weeks_are_iso_weeks_across_the_year_and_cut_ones_are_partial()
    {
        var (client, lead, _) = await app.CreateReportedLeadAsync("Europe/Paris");
        foreach (var at in new[] { "2026-12-27T22:59:59Z", "2026-12-27T23:00:00Z", "2027-01-03T22:59:59Z", "2027-01-03T23:00:00Z" })
        {
            await app.CreateActivityAsync(lead, AnalyticsWorld.Utc(at), "email.sent");
        }
        await app.FoldAnalyticsAsync();

        var weeks = await client.GetDataAsync($"{AnalyticsWorld.Overview}?date_from=2026-12-23&date_to=2027-01-05&group_by=week");
        var months = await client.GetDataAsync($"{AnalyticsWorld.Overview}?date_from=2026-12-01&date_to=2027-01-31&group_by=month");

        Assert.Equal(["2026-12-21 True 1", "2026-12-28 False 2", "2027-01-04 True 1"], AnalyticsWorld.Series(weeks));
        Assert.Equal(["2026-12-01 False 2", "2027-01-01 False 2"], AnalyticsWorld.Series(months));
    }

    [Fact]
    public async Task Previous_period_has_the_same_number_of_local_days_and_distinct_leads_are_not_added_up()
    {
        var (client, lead, place) = await app.CreateReportedLeadAsync("Europe/Paris");
        foreach (var at in new[] { "2026-10-19T10:00:00Z", "2026-10-20T10:00:00Z", "2026-10-24T10:00:00Z", "2026-10-26T10:00:00Z", "2026-10-27T10:00:00Z" })
        {
            await app.CreateActivityAsync(lead, AnalyticsWorld.Utc(at), "email.sent");
        }
        await app.FoldAnalyticsAsync();

        var report = await client.GetDataAsync($"{AnalyticsWorld.Overview}?date_from=2026-10-25&date_to=2026-10-31");
        var alone = await client.GetDataAsync($"{AnalyticsWorld.Overview}?date_from=2026-10-25&date_to=2026-10-31&compare=none");

        report.AssertIncludes(new
        {
            Totals = new { Contacted = 2, ContactedLeads = 1 },
            Previous = new
            {
                From = "2026-10-17T22:00:00Z",
                To = "2026-10-24T22:00:00Z",
                Totals = new { Contacted = 3, ContactedLeads = 1 },
            },
            Deltas = new { Contacted = new { Absolute = -1, Percent = -33.3m }, Replied = new { Absolute = 0, Percent = (object?)null } },
        });
        alone.AssertIncludes(new { Previous = (object?)null, Deltas = (object?)null });
        await app.AssertCountedAsync(report, $"l.organization_id = '{place.OrganizationId}'", "two weeks around the change of the clock");
    }

    [Fact]
    public async Task Empty_range_and_empty_organization_give_zeros_and_null_rates()
    {
        using var client = app.As(await app.CreateUserAsync("read_only"));

        var empty = await client.GetDataAsync($"{AnalyticsWorld.Overview}?date_from=2026-10-05T00:00:00Z&date_to=2026-10-05T00:00:00Z");
        var month = await client.GetDataAsync(AnalyticsWorld.Overview);

        Assert.Equal(0, empty.GetProperty("series").GetArrayLength());
        Assert.Equal(30, month.GetProperty("series").GetArrayLength());
        foreach (var report in new[] { empty, month })
        {
            report.AssertIncludes(new
            {
                Totals = new { Leads = 0, Contacted = 0 },
                Rates = new { ContactRate = (object?)null, ReplyRate = (object?)null, ConversionRate = (object?)null },
                Deltas = new
                {
                    Leads = new { Absolute = 0, Percent = (object?)null },
                    ContactRate = new { Absolute = (object?)null, Percent = (object?)null },
                },
            });
        }
    }

    [Fact]
    public async Task Late_event_lands_in_the_bucket_in_which_it_happened_after_that_was_read()
    {
        var (client, lead, _) = await app.CreateReportedLeadAsync("Europe/Paris");
        const string Path = $"{AnalyticsWorld.Overview}?date_from=2026-10-01&date_to=2026-10-03";
        await app.CreateActivityAsync(lead, AnalyticsWorld.Utc("2026-10-03T08:00:00Z"), "email.sent");
        await app.FoldAnalyticsAsync();
        Assert.Equal(
            ["2026-10-01 False 0", "2026-10-02 False 0", "2026-10-03 False 1"], AnalyticsWorld.Series(await client.GetDataAsync(Path)));

        await app.CreateActivityAsync(lead, AnalyticsWorld.Utc("2026-10-01T21:59:59Z"), "email.sent");
        var atOnce = await client.GetDataAsync(Path);
        await app.FoldAnalyticsAsync();
        var folded = await client.GetDataAsync(Path);

        foreach (var report in new[] { atOnce, folded })
        {
            Assert.Equal(["2026-10-01 False 1", "2026-10-02 False 0", "2026-10-03 False 1"], AnalyticsWorld.Series(report));
            report.AssertIncludes(new { Totals = new { Contacted = 2, ContactedLeads = 1 } });
        }
    }

    [Fact]
    public async Task Organization_that_changes_its_time_zone_is_counted_anew()
    {
        var (client, lead, place) = await app.CreateReportedLeadAsync("Europe/Paris");
        await app.CreateActivityAsync(lead, AnalyticsWorld.Utc("2026-10-03T21:59:59Z"), "email.sent");
        await app.CreateActivityAsync(lead, AnalyticsWorld.Utc("2026-10-03T22:00:00Z"), "email.sent");
        const string Path = $"{AnalyticsWorld.Overview}?date_from=2026-10-03&date_to=2026-10-04";
        await app.FoldAnalyticsAsync();
        Assert.Equal(["2026-10-03 False 1", "2026-10-04 False 1"], AnalyticsWorld.Series(await client.GetDataAsync(Path)));

        await app.ExecuteAsync("update app.organization set timezone = 'Asia/Kathmandu' where id = @OrganizationId", place);
        var atOnce = AnalyticsWorld.Series(await client.GetDataAsync(Path));
        await app.FoldAnalyticsAsync();

        Assert.Equal(["2026-10-03 False 0", "2026-10-04 False 2"], atOnce);
        Assert.Equal(["2026-10-03 False 0", "2026-10-04 False 2"], AnalyticsWorld.Series(await client.GetDataAsync(Path)));
    }

    [Fact]
    public async Task Zone_that_reports_are_computed_in_has_daily_rows_until_nobody_asks()
    {
        var (client, lead, place) = await app.CreateReportedLeadAsync("Europe/Paris");
        await app.CreateActivityAsync(lead, AnalyticsWorld.Utc("2026-10-03T18:14:59Z"), "email.sent");
        await app.CreateActivityAsync(lead, AnalyticsWorld.Utc("2026-10-03T18:15:00Z"), "email.sent");
        const string Path = $"{AnalyticsWorld.Overview}?date_from=2026-10-03&date_to=2026-10-04&tz=Asia/Kathmandu";
        string[] expected = ["2026-10-03 False 1", "2026-10-04 False 1"];
        await app.FoldAnalyticsAsync();

        Assert.Equal(expected, AnalyticsWorld.Series(await client.GetDataAsync(Path)));
        await app.FoldAnalyticsAsync();
        Assert.Equal(["Asia/Kathmandu", "Europe/Paris"], await ZonesAsync());
        // Rows that nobody but the fold could have made: the answer comes from them.
        await app.ExecuteAsync(
            "update app.analytics_day set events = events + 7 where organization_id = @OrganizationId and timezone = 'Asia/Kathmandu' "
            + "and day = '2026-10-04'",
            place);
        await app.ExecuteAsync("delete from app.analytics_cache where organization_id = @OrganizationId", place);
        Assert.Equal(["2026-10-03 False 1", "2026-10-04 False 8"], AnalyticsWorld.Series(await client.GetDataAsync(Path)));

        await app.ExecuteAsync(
            "update app.analytics_zone set asked_at = now() - interval '31 days' where organization_id = @OrganizationId", place);
        await app.ExecuteAsync("delete from app.analytics_cache where organization_id = @OrganizationId", place);
        await app.ExecuteAsync("select app.fold_analytics(500)");
        Assert.Equal(["Europe/Paris"], await ZonesAsync());
        Assert.Equal(expected, AnalyticsWorld.Series(await client.GetDataAsync(Path)));

        Task<IReadOnlyList<string>> ZonesAsync() => app.QueryAsync<string>(
            "select distinct timezone from app.analytics_day where organization_id = @OrganizationId order by timezone", place);
    }
}
