using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

/// <summary>Public case P45: time zones are known by their IANA names, and by nothing that the database then refuses.</summary>
public sealed class TimeZoneTests(TestApp app)
{
    private static readonly JsonElement Names = PublicCases.Input("P45");

    private static IEnumerable<string> Good =>
        [.. Texts("good"), "GB-Eire", "NZ-CHAT", "EST5EDT", "Etc/GMT+3", "America/Port-au-Prince", "UTC"];

    private static IEnumerable<string> Bad =>
        [.. Texts("bad"), "right/UTC", "posixrules", "Factory", "EST5EDT,M3.2.0,M11.1.0", "Europe", "", "+02:00"];

    [Fact]
    public async Task Organization_takes_names_that_the_database_calculates_with()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var path = $"{CrmWorld.Organizations}/{owner.OrganizationId}";

        foreach (var timezone in Good)
        {
            using var response = await client.PutAsync(path, new { timezone });
            Assert.Equal(timezone, (await response.DataAsync()).GetProperty("timezone").GetString());
            Assert.True(await app.QuerySingleAsync<bool>(
                "select app.is_time_zone(timezone) from app.organization where id = @OrganizationId", owner));
            using var statistics = await client.GetAsync("/api/admin/dashboard/stats");
            Assert.Equal(HttpStatusCode.OK, statistics.StatusCode);
        }
        foreach (var timezone in Bad)
        {
            using var response = await client.PutAsync(path, new { timezone });
            Assert.Equal("timezone", (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        }
    }

    [Fact]
    public async Task Working_hours_take_the_same_names()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);

        foreach (var zone in Good)
        {
            await client.SetRulesAsync(AssignmentWorld.CatchAll(
                new { user_id = owner.Id, working_hours = new { time_zone = zone, from = "09:00", to = "17:00" } }));
        }
        foreach (var zone in Bad)
        {
            using var response = await client.PutAsync(AssignmentWorld.Rules, new
            {
                rules = new[]
                {
                    AssignmentWorld.CatchAll(
                        new { user_id = owner.Id, working_hours = new { time_zone = zone, from = "09:00", to = "17:00" } }),
                },
            });
            Assert.Equal(
                "rules[0].members[0].working_hours.time_zone",
                (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        }
    }

    [Fact]
    public async Task Reports_take_the_same_names()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var campaign = await app.CreateCampaignAsync(owner.OrganizationId!.Value);
        string[] paths = ["/api/v1/analytics/overview", $"/api/v1/campaigns/{campaign}/analytics"];

        foreach (var path in paths)
        {
            foreach (var zone in Good)
            {
                var report = await client.GetDataAsync($"{path}?range=7d&tz={Uri.EscapeDataString(zone)}");
                Assert.Equal(zone, report.GetProperty("resolved").GetProperty("tz").GetString());
            }
            // An empty parameter is not given.
            foreach (var zone in Bad.Append("IST").Where(zone => zone.Length > 0))
            {
                using var response = await client.GetAsync($"{path}?range=7d&tz={Uri.EscapeDataString(zone)}");
                Assert.Equal("tz", (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
            }
            // One zone has one spelling, so that it has daily rows once.
            var lower = await client.GetDataAsync($"{path}?range=7d&tz=europe/kyiv");
            Assert.Equal("Europe/Kyiv", lower.GetProperty("resolved").GetProperty("tz").GetString());
        }
    }

    private static IEnumerable<string> Texts(string member) => Names.GetProperty(member).EnumerateArray().Select(name => name.GetString()!);
}
