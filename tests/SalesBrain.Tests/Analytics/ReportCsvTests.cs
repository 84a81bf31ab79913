using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Analytics;

/// <summary>Reports as files.</summary>
[Collection(AnalyticsApp.Collection)]
public sealed class ReportCsvTests(AnalyticsApp app)
{
    [Theory]
    [InlineData(AnalyticsWorld.Overview)]
    [InlineData(AnalyticsWorld.Leads + "?group_by_field=source&x=")]
    [InlineData(AnalyticsWorld.Team)]
    [InlineData("campaign")]
    public async Task Csv_has_every_number_with_neutral_cells(string path)
    {
        var (owner, lead, place) = await app.CreateReportedLeadAsync("Europe/Paris");
        var campaign = await app.QuerySingleAsync<Guid>("select campaign_id from app.lead where id = @lead", new { lead });
        await app.ExecuteAsync(
            "update app.lead set source = '=1+1' where id = @lead; update app.campaign set name = '@sum' where id = @campaign",
            new { lead, campaign });
        path = path.Replace("&x=", "", StringComparison.Ordinal)
            .Replace("campaign", path == "campaign" ? $"{AnalyticsWorld.Campaigns}/{campaign}" : "campaign", StringComparison.Ordinal);
        var report = await owner.GetDataAsync(path);

        using var response = await owner.GetAsync($"{path}{(path.Contains('?') ? "&" : "?")}format=csv&bom=false");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith(".csv", response.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        var lines = (await response.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("section,row,column,value", lines[0]);
        Assert.Contains($"resolved,,from,{report.GetProperty("resolved").GetProperty("from").GetString()}", lines);
        if (path.StartsWith(AnalyticsWorld.Overview, StringComparison.Ordinal))
        {
            Assert.Contains("totals,,leads,1", lines);
            Assert.Contains("series.counts,30,contacted,0", lines);
            Assert.Contains("lead_sources,1,source,'=1+1", lines);
        }
        if (path.StartsWith(AnalyticsWorld.Leads, StringComparison.Ordinal))
        {
            Assert.Contains("groups,1,key,'=1+1", lines);
        }
    }

    [Fact]
    public async Task Negative_number_is_a_number_and_a_text_that_begins_as_one_is_not()
    {
        var (owner, lead, _) = await app.CreateReportedLeadAsync("Europe/Paris");
        await app.CreateActivityAsync(lead, AnalyticsWorld.Utc("2026-10-04T10:00:00Z"), "email.sent");
        await app.ExecuteAsync("update app.lead set source = '-6', created_at = '2026-10-05Z' where id = @lead", new { lead });

        using var response = await owner.GetAsync(
            $"{AnalyticsWorld.Overview}?format=csv&bom=false&date_from=2026-10-05&date_to=2026-10-05");

        var lines = (await response.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.Contains("deltas.contacted,,absolute,-1", lines);
        Assert.Contains("deltas.contacted,,percent,-100", lines);
        Assert.Contains("lead_sources,1,source,'-6", lines);
    }
}
