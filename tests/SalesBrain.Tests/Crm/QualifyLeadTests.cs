using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

public sealed class QualifyLeadTests(TestApp app)
{
    [Theory]
    [InlineData("new", 5, "qualified", 30 + 35 + 7 + 15)]
    [InlineData("responded", 4, "qualified", 30 + 28 + 7 + 15)]
    [InlineData("responded", 3, "responded", 25 + 21 + 7 + 15)]
    [InlineData("contacted", 2, "rejected", 0 + 14 + 7 + 15)]
    [InlineData("converted", 1, "converted", 35 + 7 + 7 + 15)]
    public async Task Score_is_kept_and_decides_the_status(string before, int score, string expected, int leadScore)
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateLeadAsync(owner.OrganizationId!.Value, status: before);

        using var response = await app.As(owner).PostTextAsync(
            PathOf(id),
            $$"""{"score": {{score}}, "criteria": {"budget": true, "Team size": 12.5, "need": "now"}, "notes": " Call in May "}""");

        var lead = await response.DataAsync();
        lead.AssertIncludes(new
        {
            Status = expected,
            QualificationScore = score,
            Score = leadScore,
            QualificationData = new { Score = score, Notes = "Call in May", QualifiedBy = owner.Id },
        });
        var data = lead.GetProperty("qualification_data");
        Assert.Equal(12.5m, data.GetProperty("criteria").GetProperty("Team size").GetDecimal());
        Assert.Equal(
            lead.GetProperty("updated_at").GetDateTime(), data.GetProperty("qualified_at").GetDateTime(), TimeSpan.FromMilliseconds(1));
        Assert.Equal(expected is "rejected" or "converted", lead.GetProperty("closed_at").ValueKind != System.Text.Json.JsonValueKind.Null);
        var entry = Assert.Single(await app.AuditOfAsync(id));
        Assert.Equal("lead.qualified", entry.Action);
        Assert.Equal(score, entry.Json.GetProperty("after").GetProperty("qualification_score").GetInt32());
    }

    [Fact]
    public async Task Thresholds_are_the_organizations()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateLeadAsync(owner.OrganizationId!.Value);
        using var client = app.As(owner);
        using var set = await client.PutTextAsync(
            $"{CrmWorld.Organizations}/{owner.OrganizationId}",
            """{"settings": {"qualification": {"qualified_at": 5, "rejected_at": 0}}}""");
        await set.DataAsync();

        foreach (var (score, expected) in new[] { (1, "new"), (4, "new"), (5, "qualified") })
        {
            using var response = await client.PostAsync(PathOf(id), new { score });
            (await response.DataAsync()).AssertIncludes(new { Status = expected, QualificationScore = score });
        }
    }

    [Theory]
    [InlineData("{}", "score")]
    [InlineData("""{"score": 0}""", "score")]
    [InlineData("""{"score": 6}""", "score")]
    [InlineData("""{"score": 3.5}""", "score")]
    [InlineData("""{"score": 3, "criteria": []}""", "criteria")]
    [InlineData("""{"score": 3, "criteria": {"budget": null}}""", "criteria")]
    [InlineData("""{"score": 3, "criteria": {"budget": {"max": 5}}}""", "criteria")]
    [InlineData("""{"score": 3, "criteria": {" ": true}}""", "criteria")]
    [InlineData("""{"score": 3, "status": "qualified"}""", "status")]
    public async Task Bad_input_is_refused_by_member_and_changes_nothing(string body, string members)
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateLeadAsync(owner.OrganizationId!.Value);
        var row = await app.RowAsync("lead", id);

        using var response = await app.As(owner).PostTextAsync(PathOf(id), body);

        Assert.Equal(members, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(row, await app.RowAsync("lead", id));
    }

    private static string PathOf(Guid lead) => $"/api/v1/leads/{lead}/qualify";
}
