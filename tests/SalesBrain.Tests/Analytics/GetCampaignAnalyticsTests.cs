using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Organizations;

namespace SalesBrain.Tests.Analytics;

public sealed class GetCampaignAnalyticsTests(TestApp app)
{
    [Fact]
    public async Task Days_are_those_of_the_time_zone_when_summer_time_ends()
    {
        var (client, campaign, lead, _) = await CreateAsync();
        await app.CreateActivityAsync(lead, Utc("2026-10-24T21:59:59"), "email.sent");
        await app.CreateActivityAsync(lead, Utc("2026-10-24T22:00:00"), "email.sent");
        await app.CreateActivityAsync(lead, Utc("2026-10-25T22:59:59"), "email.sent");
        await app.CreateActivityAsync(lead, Utc("2026-10-25T23:00:00"), "email.sent");

        var data = await client.GetDataAsync(Path(campaign, "date_from=2026-10-24&date_to=2026-10-26&tz=Europe/Paris"));

        data.AssertIncludes(
            new { Resolved = new { From = "2026-10-23T22:00:00Z", To = "2026-10-26T23:00:00Z", Tz = "Europe/Paris", GroupBy = "day" } });
        Assert.Equal(["2026-10-24 1", "2026-10-25 2", "2026-10-26 1"], Series(data));
        data.GetProperty("previous").AssertIncludes(new { From = "2026-10-20T22:00:00Z", To = "2026-10-23T22:00:00Z" });
    }

    [Fact]
    public async Task Days_are_those_of_the_time_zone_when_summer_time_begins()
    {
        var (client, campaign, lead, _) = await CreateAsync();
        await app.CreateActivityAsync(lead, Utc("2026-03-28T23:00:00"), "email.sent");
        await app.CreateActivityAsync(lead, Utc("2026-03-29T21:59:59"), "email.sent");
        await app.CreateActivityAsync(lead, Utc("2026-03-29T22:00:00"), "email.sent");

        var data = await client.GetDataAsync(Path(campaign, "date_from=2026-03-28&date_to=2026-03-30&tz=Europe/Paris"));

        Assert.Equal(["2026-03-28 0", "2026-03-29 2", "2026-03-30 1"], Series(data));
    }

    [Fact]
    public async Task Weeks_begin_on_monday_and_cut_buckets_are_partial()
    {
        var (client, campaign, lead, _) = await CreateAsync();
        await app.CreateActivityAsync(lead, Utc("2026-11-01T23:59:59"), "email.sent");
        await app.CreateActivityAsync(lead, Utc("2026-11-02T00:00:00"), "email.sent");

        var weeks = await client.GetDataAsync(Path(campaign, "date_from=2026-10-28&date_to=2026-11-15&group_by=week&tz=UTC"));
        var months = await client.GetDataAsync(Path(campaign, "date_from=2026-10-28&date_to=2026-12-31&group_by=month&tz=UTC"));

        Assert.Equal(["2026-10-26 1", "2026-11-02 1", "2026-11-09 0"], Series(weeks));
        Assert.Equal([true, false, false], Partial(weeks));
        Assert.Equal(["2026-10-01 0", "2026-11-01 2", "2026-12-01 0"], Series(months));
        Assert.Equal([true, false, false], Partial(months));
    }

    [Fact]
    public async Task Range_counts_local_days_back_from_today_and_none_is_missing()
    {
        var (client, campaign, lead, _) = await CreateAsync();
        var today = DateTime.UtcNow.Date;
        await app.CreateActivityAsync(lead, today.AddDays(-6), "email.sent");
        await app.CreateActivityAsync(lead, today.AddDays(-6).AddTicks(-10), "email.sent");

        var data = await client.GetDataAsync(Path(campaign, "range=7d&tz=UTC"));
        var year = await client.GetDataAsync(Path(campaign, "range=1y&tz=Asia/Kathmandu"));

        if (DateTime.UtcNow.Date == today)
        {
            Assert.Equal(Enumerable.Range(-6, 7).Select(day => $"{today.AddDays(day):yyyy-MM-dd} {(day == -6 ? 1 : 0)}"), Series(data));
            data.AssertIncludes(new { Totals = new { Contacted = 1 }, Previous = new { Totals = new { Contacted = 1 } } });
        }
        var days = year.GetProperty("series").EnumerateArray()
            .Select(bucket => DateOnly.Parse(bucket.GetProperty("starts_on").GetString()!)).ToList();
        Assert.Equal(365, days.Count);
        Assert.Equal(Enumerable.Range(0, 365).Select(days[0].AddDays), days);
    }

    [Fact]
    public async Task Totals_rates_and_deltas_say_what_is_counted()
    {
        var (client, campaign, lead, place) = await CreateAsync();
        var second = await app.CreateLeadAsync(
            place.OrganizationId, campaignId: campaign, agencyId: place.AgencyId, clientId: place.ClientId);
        await app.ExecuteAsync(
            "update app.lead set created_at = '2026-09-01Z' where id = any (@ids)", new { ids = new[] { lead, second } });
        foreach (var (id, type, at) in new[]
        {
            (lead, "email.sent", "2026-10-05T10:00:00"), (lead, "email.sent", "2026-10-06T10:00:00"),
            (second, "email.sent", "2026-10-05T10:00:00"), (lead, "email.opened", "2026-10-05T11:00:00"),
            (lead, "email.opened", "2026-10-05T12:00:00"), (lead, "email.replied", "2026-10-06T12:00:00"),
            (lead, "lead.interested", "2026-10-06T12:00:00"), (lead, "email.bounced", "2026-10-07T12:00:00"),
            (lead, "email.sent", "2026-10-02T10:00:00"),
        })
        {
            await app.CreateActivityAsync(id, Utc(at), type);
        }
        await app.ExecuteAsync(
            "update app.lead set status = 'qualified', updated_at = '2026-10-07 08:00Z' where id = @second", new { second });

        var data = await client.GetDataAsync(Path(campaign, "date_from=2026-10-05&date_to=2026-10-07&tz=UTC"));

        data.AssertIncludes(new
        {
            Totals = new
            {
                Leads = 2,
                NewLeads = 0,
                Contacted = 3,
                ContactedLeads = 2,
                Opened = 2,
                OpenedLeads = 1,
                Replied = 1,
                RepliedLeads = 1,
                Interested = 1,
                Bounced = 1,
                Clicked = 0,
                QualifiedLeads = 1,
                ConvertedLeads = 0,
            },
            Rates = new
            {
                ContactRate = 1m,
                OpenRate = 0.5m,
                ReplyRate = 0.5m,
                InterestRate = 0.5m,
                QualificationRate = 0.5m,
                ConversionRate = 0m,
            },
            Previous = new
            {
                Totals = new { Leads = 2, Contacted = 1, ContactedLeads = 1 },
                Rates = new { ContactRate = 0.5m, OpenRate = 0m },
            },
            Deltas = new
            {
                Contacted = new { Absolute = 2m, Percent = 200m },
                Replied = new { Absolute = 1m, Percent = (object?)null },
                ContactRate = new { Absolute = 0.5m, Percent = 100m },
            },
        });
        Assert.Equal(["2026-10-05 2", "2026-10-06 1", "2026-10-07 0"], Series(data));
        Assert.Equal(1, data.GetProperty("series")[2].GetProperty("counts").GetProperty("qualified_leads").GetInt32());
    }

    [Fact]
    public async Task Empty_period_and_campaign_give_zeros_and_null_rates()
    {
        var place = await CrmPlace.CreateAsync(app);
        var campaign = await app.CreateCampaignAsync(place.OrganizationId);
        using var client = app.As(await place.CreateUserAsync(app, "owner"));

        var empty = await client.GetDataAsync(Path(campaign, "date_from=2026-10-05T00:00:00Z&date_to=2026-10-05T00:00:00Z"));
        var day = await client.GetDataAsync(Path(campaign, "date_from=2026-10-05&date_to=2026-10-05"));

        Assert.Equal(0, empty.GetProperty("series").GetArrayLength());
        Assert.Equal(["2026-10-05 0"], Series(day));
        foreach (var data in new[] { empty, day })
        {
            data.AssertIncludes(new
            {
                Totals = new { Leads = 0, Contacted = 0 },
                Rates = new { ContactRate = (object?)null, ReplyRate = (object?)null },
                Deltas = new { Contacted = new { Absolute = 0, Percent = (object?)null }, ReplyRate = new { Absolute = (object?)null } },
            });
        }
    }

    [Fact]
    public async Task Deleted_leads_do_not_count_and_other_campaigns_neither()
    {
        var (client, campaign, lead, place) = await CreateAsync();
        var deleted = await app.CreateLeadAsync(
            place.OrganizationId, campaignId: campaign, agencyId: place.AgencyId, clientId: place.ClientId);
        var elsewhere = await app.CreateLeadAsync(
            place.OrganizationId, campaignId: await app.CreateCampaignAsync(place.OrganizationId, "Other"), agencyId: place.AgencyId,
            clientId: place.ClientId);
        foreach (var id in new[] { lead, deleted, elsewhere })
        {
            await app.CreateActivityAsync(id, Utc("2026-10-05T10:00:00"), "email.sent");
        }
        await app.ExecuteAsync("update app.lead set deleted_at = now() where id = @deleted", new { deleted });

        var data = await client.GetDataAsync(Path(campaign, "date_from=2026-10-05&date_to=2026-10-05&tz=UTC"));

        data.AssertIncludes(new { Totals = new { Contacted = 1, ContactedLeads = 1 } });
    }

    [Fact]
    public async Task Comparison_can_be_left_out_and_the_scope_narrowed()
    {
        var (client, campaign, _, place) = await CreateAsync();

        var alone = await client.GetDataAsync(Path(campaign, $"compare=none&agency_id={place.AgencyId}&client_id={place.ClientId}"));
        var compared = await client.GetDataAsync(Path(campaign, "compare=previous"));
        using var elsewhere = await client.GetAsync(Path(campaign, $"client_id={Guid.NewGuid()}"));

        alone.AssertIncludes(new { Totals = new { Leads = 1 }, Previous = (object?)null, Deltas = (object?)null });
        compared.AssertIncludes(new { Totals = new { Leads = 1 }, Deltas = new { Leads = new { Absolute = 1 } } });
        await elsewhere.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Series_has_at_most_400_buckets()
    {
        var (client, campaign, _, _) = await CreateAsync();

        var longest = await client.GetDataAsync(Path(campaign, "date_from=1993-08-01&date_to=2026-11-28&group_by=month"));
        using var longer = await client.GetAsync(Path(campaign, "date_from=1993-07-31&date_to=2026-11-28&group_by=month"));

        Assert.Equal(400, longest.GetProperty("series").GetArrayLength());
        Assert.Equal("date_from", (await longer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Theory]
    [InlineData("range=8d", "range")]
    [InlineData("range=7d&date_from=2026-01-01", "range")]
    [InlineData("date_to=2026-01-01", "date_from")]
    [InlineData("date_from=2026-01-02&date_to=2026-01-01", "date_to")]
    [InlineData("date_from=yesterday", "date_from")]
    [InlineData("date_from=2020-01-01&date_to=2026-01-01", "date_from")]
    [InlineData("tz=Europe/Atlantis", "tz")]
    [InlineData("group_by=hour", "group_by")]
    public async Task Bad_parameter_is_named(string query, string parameter)
    {
        var (client, campaign, _, _) = await CreateAsync();

        using var response = await client.GetAsync(Path(campaign, query));

        Assert.Equal(parameter, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    private async Task<(HttpClient Client, Guid Campaign, Guid Lead, CrmPlace Place)> CreateAsync()
    {
        var place = await CrmPlace.CreateAsync(app);
        var campaign = await app.CreateCampaignAsync(place.OrganizationId, agencyId: place.AgencyId, clientId: place.ClientId);
        var lead = await app.CreateLeadAsync(
            place.OrganizationId, campaignId: campaign, agencyId: place.AgencyId, clientId: place.ClientId);
        return (app.As(await place.CreateUserAsync(app, "client_user")), campaign, lead, place);
    }

    private static string Path(Guid campaign, string query) => $"{CrmWorld.Campaigns}/{campaign}/analytics?{query}";

    private static DateTime Utc(string time) => DateTime.SpecifyKind(DateTime.Parse(time), DateTimeKind.Utc);

    private static IEnumerable<string> Series(JsonElement data) => data.GetProperty("series").EnumerateArray()
        .Select(
            bucket => $"{bucket.GetProperty("starts_on").GetString()} {bucket.GetProperty("counts").GetProperty("contacted").GetInt64()}");

    private static IEnumerable<bool> Partial(JsonElement data) =>
        data.GetProperty("series").EnumerateArray().Select(bucket => bucket.GetProperty("partial").GetBoolean());
}
