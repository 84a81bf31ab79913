using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Analytics;

/// <summary>Leads by what they have in common.</summary>
[Collection(AnalyticsApp.Collection)]
public sealed class GetLeadAnalyticsTests(AnalyticsApp app)
{
    [Fact]
    public async Task Leads_are_grouped_filtered_and_aged()
    {
        var (owner, lead, place) = await app.CreateReportedLeadAsync("Europe/Paris");
        await app.ExecuteAsync(
            "update app.lead set priority = 'urgent', qualification_score = 4, tags = '{a,b}', score = 95 where id = @lead", new { lead });
        await app.ExecuteAsync("update app.lead_status_change set at = now() - interval '10 days' where lead_id = @lead", new { lead });
        var low = await app.CreateLeadAsync(place.OrganizationId, priority: "low", score: 15, lastName: "Searched");
        await app.ExecuteAsync(
            "update app.lead set deal_amount = 7.5, deal_currency = 'EUR', deal_entered_by = 'person', deal_at = 'infinity' "
            + "where id = @low",
            new { low });

        var all = await owner.GetDataAsync($"{AnalyticsWorld.Leads}?group_by_field=priority");
        var urgent = await owner.GetDataAsync($"{AnalyticsWorld.Leads}?group_by_field=score_band&priority=urgent&tags=a&min_score=90");
        var searched = await owner.GetDataAsync($"{AnalyticsWorld.Leads}?search=searche&assigned_to=none");

        Assert.Equal(["low 1", "urgent 1"], AnalyticsWorld.Groups(all).Order());
        all.AssertIncludes(new
        {
            Qualification = new { Score4 = 1, None = 1, Score1 = 0 },
            Totals = new { Leads = 2, Created = 2 },
            Deals = new[] { new { State = "open", Dimension = "group", Key = "low", Currency = "EUR", Amount = 7.5m, Leads = 1 } },
        });
        Assert.Equal(["new 0 0 1", "new 7 13 1"], all.GetProperty("ageing").EnumerateArray().Select(age =>
            $"{age.GetProperty("status")} {age.GetProperty("min_days")} {age.GetProperty("max_days")} {age.GetProperty("leads")}"));
        Assert.Equal("1 10-19,1 90-100", string.Join(",", all.GetProperty("scores").EnumerateArray().Where(band => band.GetProperty("leads").GetInt64() > 0)
            .Select(band => $"{band.GetProperty("leads")} {band.GetProperty("from")}-{band.GetProperty("to")}")));
        Assert.Equal(["90 1"], AnalyticsWorld.Groups(urgent));
        Assert.Equal(["new 1"], AnalyticsWorld.Groups(searched));
    }
}
