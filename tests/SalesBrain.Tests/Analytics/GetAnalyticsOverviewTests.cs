using System.Net;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Data.Crm;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Organizations;

namespace SalesBrain.Tests.Analytics;

/// <summary>The numbers of an organization, an agency or a client.</summary>
[Collection(AnalyticsApp.Collection)]
public sealed class GetAnalyticsOverviewTests(AnalyticsApp app)
{
    [Fact]
    public async Task Agency_that_names_another_one_sees_nothing()
    {
        var (_, lead, place) = await app.CreateReportedLeadAsync("UTC");
        var other = await app.CreateAgencyAsync(place.OrganizationId);
        await app.CreateLeadAsync(place.OrganizationId, agencyId: other);
        await app.CreateActivityAsync(lead, DateTime.UtcNow, "email.sent");
        using var ofAgency = app.As(await place.CreateUserAsync(app, "agency_staff"));
        foreach (var _ in new[] { false, true })
        {
            (await ofAgency.GetDataAsync(AnalyticsWorld.Overview))
                .AssertIncludes(new { Totals = new { Leads = 1, Contacted = 1 }, Contacts = 1 });
            (await ofAgency.GetDataAsync($"{AnalyticsWorld.Overview}?agency_id={other}")).AssertIncludes(
                new { Totals = new { Leads = 0, Contacted = 0 }, Contacts = 0, LeadsByStatus = new { New = 0 } });
            await app.FoldAnalyticsAsync();
        }
    }

    [Fact]
    public async Task Open_import_jobs_are_counted_for_those_who_see_them()
    {
        var place = await CrmPlace.CreateAsync(app);
        var job = await app.CreateJobAsync(place.OrganizationId, agencyId: place.AgencyId, status: "paused");
        await app.CreateJobAsync(place.OrganizationId, status: "pending");
        await app.CreateJobAsync(place.OrganizationId, status: "completed");
        using var owner = app.As(await place.CreateUserAsync(app, "owner"));
        using var reader = app.As(await place.CreateUserAsync(app, "read_only"));
        using var ofAgency = app.As(await place.CreateUserAsync(app, "agency_admin"));

        (await owner.GetDataAsync(AnalyticsWorld.Overview)).AssertIncludes(new { OpenJobs = new { Pending = 1, Running = 0, Paused = 1 } });
        (await reader.GetDataAsync(AnalyticsWorld.Overview))
            .AssertIncludes(new { OpenJobs = new { Pending = 0, Running = 0, Paused = 0 } });
        (await ofAgency.GetDataAsync(AnalyticsWorld.Overview))
            .AssertIncludes(new { OpenJobs = new { Pending = 0, Running = 0, Paused = 1 } });
        await app.ExecuteAsync("update app.import_job set status = 'cancelled', paused_at = null where id = @job", new { job });

        (await owner.GetDataAsync(AnalyticsWorld.Overview)).AssertIncludes(new { OpenJobs = new { Pending = 1, Running = 0, Paused = 0 } });
        (await ofAgency.GetDataAsync(AnalyticsWorld.Overview))
            .AssertIncludes(new { OpenJobs = new { Pending = 0, Running = 0, Paused = 0 } });
    }

    [Theory]
    [InlineData("top=21", "top")]
    [InlineData("top_by=open_rate", "top_by")]
    [InlineData("range=8d", "range")]
    [InlineData("compare=last", "compare")]
    [InlineData("tz=Europe/Atlantis", "tz")]
    [InlineData("date_from=2020-01-01&date_to=2026-01-01", "date_from")]
    [InlineData("format=xls", "format")]
    public async Task Bad_parameter_is_named(string query, string parameter)
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.GetAsync($"{AnalyticsWorld.Overview}?{query}");

        Assert.Equal(parameter, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public async Task Best_campaigns_have_ten_leads_and_equal_rates_are_sorted_by_leads()
    {
        var place = await CrmPlace.CreateAsync(app);
        foreach (var (name, leads, replied) in new[] { ("A", 10, 5), ("B", 20, 10), ("C", 9, 9), ("D", 10, 6) })
        {
            var campaign = await app.CreateCampaignAsync(place.OrganizationId, name);
            for (var lead = 0; lead < leads; lead++)
            {
                var id = await app.CreateLeadAsync(place.OrganizationId, campaignId: campaign);
                await app.ExecuteAsync(
                    "update app.lead set sent_count = 1, replied_count = @replied where id = @id",
                    new { id, replied = lead < replied ? 1 : 0 });
            }
        }
        using var owner = app.As(await place.CreateUserAsync(app, "owner"));

        var report = await owner.GetDataAsync($"{AnalyticsWorld.Overview}?top_by=response_rate&top=3");

        Assert.Equal(["D 0.6", "B 0.5", "A 0.5"], report.GetProperty("top_campaigns").EnumerateArray()
            .Select(campaign => $"{campaign.GetProperty("name").GetString()} {campaign.GetProperty("rate").GetDecimal():0.#}"));
    }

    [Fact]
    public async Task Report_takes_a_constant_number_of_statements()
    {
        var (owner, lead, _) = await app.CreateReportedLeadAsync("Europe/Paris");
        await app.FoldAnalyticsAsync();
        await owner.GetDataAsync(AnalyticsWorld.Overview);
        var (cached, _) = await app.CostAsync(() => owner.GetDataAsync(AnalyticsWorld.Overview));
        var computed = new List<long>();
        for (var turn = 0; turn < 2; turn++)
        {
            for (var activity = 0; activity < 5 + (30 * turn); activity++)
            {
                await app.CreateActivityAsync(lead, DateTime.UtcNow, "email.sent");
            }
            computed.Add((await app.CostAsync(async () =>
            {
                await app.ExecuteAsync(
                    "update app.lead set priority = case priority when 'low' then 'high' else 'low' end where id = @lead", new { lead });
                await owner.GetDataAsync(AnalyticsWorld.Overview);
            })).Statements);
        }

        // The session's context counts as one. One more round trip stores the answer, as another login.
        Assert.True(cached <= 2, $"{cached} statements");
        Assert.Equal(computed[0], computed[1]);
        Assert.True(computed[0] <= 4, $"{computed[0]} statements");
    }

    [Fact]
    public async Task Kinds_are_the_types_of_activities()
    {
        var kinds = await app.QuerySingleAsync<string[]>("select app.analytics_kinds()");

        Assert.Equal(EventTypes.All.Select(type => type.Name).Order(StringComparer.Ordinal), kinds.Skip(4).Order(StringComparer.Ordinal));
        Assert.Equal(["created", "qualified", "converted", "other"], kinds.Take(4));
    }

    [Fact]
    public async Task Statuses_are_those_of_leads() =>
        Assert.Equal(
            Enum.GetValues<LeadStatus>().Select(status => status.ToWireName()),
            await app.QuerySingleAsync<string[]>("select app.analytics_statuses()"));

    [Fact]
    public async Task Views_for_reports_show_what_the_session_sees()
    {
        var (_, lead, place) = await app.CreateReportedLeadAsync("UTC");
        await app.ExecuteAsync(
            "update app.lead set deal_amount = 12, deal_currency = 'EUR', deal_entered_by = 'person', deal_at = 'infinity' "
            + "where id = @lead",
            new { lead });
        var elsewhere = await app.CreateLeadAsync(place.OrganizationId, agencyId: await app.CreateAgencyAsync(place.OrganizationId));
        var (owner, staff) = (await place.CreateUserAsync(app, "owner"), await place.CreateUserAsync(app, "agency_staff"));

        Assert.Equal(
            new[] { lead, elsewhere }.Order(),
            (await app.QueryAsAsync<Guid>(owner, "select lead_id from app.lead_details", new { })).Order());
        Assert.Equal([lead], await app.QueryAsAsync<Guid>(staff, "select lead_id from app.lead_details", new { }));
        Assert.Equal(
            ["Campaign 1 {\"EUR\": 12.00}"],
            await app.QueryAsAsync<string>(staff, "select name || ' ' || leads || ' ' || open_amounts from app.campaign_summary", new { }));
    }
}
