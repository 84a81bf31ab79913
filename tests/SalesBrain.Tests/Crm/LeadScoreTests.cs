using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Core.Crm;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

/// <summary>Scores in SQL and C#, where they are kept, and their decay.</summary>
public sealed class LeadScoreTests(ClockedApp app) : IClassFixture<ClockedApp>
{
    private static readonly string[] Statuses = ["new", "contacted", "responded", "qualified", "converted", "rejected", "unknown"];
    private static readonly string[] Priorities = ["low", "medium", "high", "urgent"];

    /// <summary>Weights of organizations, valid and not, in the JSON of settings.</summary>
    private static readonly string[] Weights =
    [
        "{}", """{"lead_score": {}}""", """{"lead_score": {"qualification": 5.5, "recency": 30.25, "half_life_days": 3}}""",
        """{"lead_score": {"status": {"new": 0.5, "rejected": 12.345678}, "priority": {"medium": 33.3}, "half_life_days": 365}}""",
        """{"lead_score": {"recency": 100, "half_life_days": 1, "qualification": 0}}""",
        """{"lead_score": {"recency": 99.99, "half_life_days": 90.0}}""", """{"lead_score": {"qualification": "7"}}""",
        """{"lead_score": {"status": {"new": [1]}}}""", """{"lead_score": {"half_life_days": 1.5}}""", """{"lead_score": 5}""",
        """{"lead_score": {"priority": {"low": 101}}}""", """{"lead_score": {"status": {"won": 5}, "colour": "red"}}""",
        """{"lead_score": {"recency": 1e1}}""",
    ];

    [Fact]
    public async Task Sql_and_code_give_the_same_score_to_ten_thousand_leads()
    {
        var random = new Random(20260131);
        var now = new DateTime(2026, 3, 15, 12, 0, 0, DateTimeKind.Utc);
        var leads = Enumerable.Range(0, 10_000).Select(_ => new
        {
            status = Statuses[random.Next(Statuses.Length)],
            qualification_score = random.Next(6) is > 0 and var score ? score : (int?)null,
            priority = Priorities[random.Next(Priorities.Length)],
            // Whole days, for the halves, and any moment.
            active_at = random.Next(2) == 0
                ? now.AddDays(-random.Next(200))
                : now.AddMilliseconds(random.NextInt64(-(long)4e10, (long)1e9)),
            weights = Weights[random.Next(Weights.Length)],
        }).ToArray();

        var scores = await app.QueryAsync<int>("""
            select app.lead_score(
                r.status, r.qualification_score, r.priority, r.active_at, @now, app.lead_score_weights(r.weights::jsonb))
            from jsonb_array_elements(@leads::jsonb) with ordinality as l (lead, number)
            cross join lateral jsonb_to_record(l.lead)
                as r (status text, qualification_score integer, priority text, active_at timestamptz, weights text)
            order by l.number
            """, new { leads = JsonSerializer.Serialize(leads), now });

        var parsed = Weights.ToDictionary(
            text => text,
            text => LeadScoreWeights.Of(JsonElement.Parse(text).TryGetProperty("lead_score", out var weights) ? weights : null));
        var differences = leads.Zip(scores)
            .Where(pair => LeadScore.Of(
                pair.First.status, pair.First.qualification_score, pair.First.priority, pair.First.active_at, now, parsed[pair.First.weights]).Score != pair.Second)
            .Select(pair => $"{pair.First}: {pair.Second}").ToList();
        Assert.Equal(10_000, scores.Count);
        Assert.True(differences.Count == 0, string.Join('\n', differences.Take(10)));
        Assert.True(scores.Distinct().Count() > 90, "The leads are too much alike.");
    }

    [Theory]
    [InlineData("new", null, "medium", 0, 32)]
    [InlineData("contacted", 3, "medium", 14, 51)]
    [InlineData("responded", 4, "urgent", 28, 72)]
    [InlineData("qualified", 5, "high", 0, 92)]
    [InlineData("converted", 5, "urgent", 0, 100)]
    [InlineData("rejected", 1, "low", 90, 10)]
    public async Task Score_of_a_lead_over_http_and_in_the_database(
        string status, int? qualification, string priority, int days, int expected)
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateLeadAsync(
            owner.OrganizationId!.Value, status: status, priority: priority, lastActivityAt: app.Now.AddDays(-days));
        await app.ExecuteAsync(
            "update app.lead set qualification_score = @qualification, updated_at = @Now where id = @id",
            new { qualification, id, app.Now });

        var score = await app.As(owner).GetDataAsync($"/api/v1/leads/{id}/score");

        score.AssertIncludes(new { Score = expected, Qualification = 7 * (qualification ?? 0), AgeDays = days });
        Assert.Equal(expected, await app.QuerySingleAsync<int>("select score from app.lead where id = @id", new { id }));
        await app.ExecuteAsync("update app.lead set last_activity_at = now() - @days * interval '1 day' where id = @id", new { id, days });
        Assert.Equal(expected, await app.QuerySingleAsync<int>("select app.calculate_lead_score(@id)", new { id }));
    }

    [Fact]
    public async Task Lead_without_activity_ages_from_its_creation()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateLeadAsync(owner.OrganizationId!.Value);
        await app.ExecuteAsync("update app.lead set created_at = @at where id = @id", new { id, at = app.Now.AddDays(-14).AddMinutes(-1) });

        (await app.As(owner).GetDataAsync($"/api/v1/leads/{id}/score")).AssertIncludes(new { Recency = 7.5, AgeDays = 14, Score = 25 });
    }

    [Fact]
    public async Task Timer_corrects_what_decayed_and_nothing_else()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateLeadAsync(owner.OrganizationId!.Value, lastActivityAt: app.Now);
        var deleted = await app.CreateLeadAsync(owner.OrganizationId.Value, lastActivityAt: app.Now);
        await app.ExecuteAsync("update app.lead set deleted_at = now() where id = @deleted", new { deleted });
        var (before, gone) = (await app.RowAsync("lead", id), await app.RowAsync("lead", deleted));
        using var client = app.As(owner);
        var tag = (await client.GetAsync($"/api/v1/leads/{id}")).Headers.ETag;

        await RescoreAsync();
        Assert.Equal(before, await app.RowAsync("lead", id));
        app.Time.Advance(TimeSpan.FromDays(14));
        // Two at once: the second finds nothing to do.
        await Task.WhenAll(RescoreAsync(), RescoreAsync());

        Assert.Equal(25, await app.QuerySingleAsync<int>("select score from app.lead where id = @id", new { id }));
        Assert.Equal(25, await app.QuerySingleAsync<int>("select score from app.lead_recency where lead_id = @id", new { id }));
        Assert.Equal(gone, await app.RowAsync("lead", deleted));
        // Not a change that people see.
        Assert.Equal(before.Replace(",32,", ",25,", StringComparison.Ordinal), await app.RowAsync("lead", id));
        // Somebody else: the session has ended meanwhile.
        using var later = app.As(await app.CreateUserAsync("owner", owner.OrganizationId));
        using var current = await later.PutTextAsync($"/api/v1/leads/{id}", """{"priority": "high"}""", tag!.Tag);
        (await current.DataAsync()).AssertIncludes(new { Score = 10 + 12 + 8 });
    }

    [Fact]
    public async Task Weights_of_an_organization_count_at_once_for_a_lead_that_changes_and_by_night_for_all()
    {
        var owner = await app.CreateUserAsync("owner");
        var (changed, other) = (await app.CreateLeadAsync(owner.OrganizationId!.Value, lastActivityAt: app.Now), await app.CreateLeadAsync(owner.OrganizationId.Value, lastActivityAt: app.Now));
        var elsewhere = await app.CreateLeadAsync(await app.CreateOrganizationAsync(), lastActivityAt: app.Now);
        using var client = app.As(owner);

        using var refused = await client.PutTextAsync(
            $"{CrmWorld.Organizations}/{owner.OrganizationId}",
            """{"settings": {"lead_score": {"status": {"new": 101}}, "filterable_fields": [""]}}""");
        Assert.Equal(
            "settings.filterable_fields[0],settings.lead_score.status.new",
            (await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        using var set = await client.PutTextAsync(
            $"{CrmWorld.Organizations}/{owner.OrganizationId}",
            """{"settings": {"theme": "dark", "lead_score": {"status": {"new": 50}, "recency": 10}}}""");
        await set.DataAsync();
        using var put = await client.PutTextAsync($"/api/v1/leads/{changed}", """{"priority": "high"}""");

        (await put.DataAsync()).AssertIncludes(new { Score = 50 + 12 + 10 });
        (await client.GetDataAsync($"/api/v1/leads/{other}/score")).AssertIncludes(new { Score = 50 + 7 + 10 });
        Assert.Equal(32, await app.QuerySingleAsync<int>("select score from app.lead where id = @other", new { other }));
        await RescoreAsync();
        Assert.Equal([67, 32], await app.QueryAsync<int>(
            "select score from app.lead where id in (@other, @elsewhere) order by id = @elsewhere", new { other, elsewhere }));
    }

    [Fact]
    public async Task List_sorts_by_the_score_as_it_is_and_contacts_have_the_best_of_their_leads()
    {
        var owner = await app.CreateUserAsync("owner");
        var campaign = await app.CreateCampaignAsync(owner.OrganizationId!.Value);
        var low = await app.CreateLeadAsync(owner.OrganizationId.Value, email: "both@prospect.example", lastActivityAt: app.Now);
        var high = await app.CreateLeadAsync(
            owner.OrganizationId.Value, email: "both@prospect.example", campaignId: campaign, lastActivityAt: app.Now);
        using var client = app.As(owner);

        foreach (var (id, status, order) in new[] { (high, "converted", new[] { high, low }), (low, "qualified", [high, low]), (high, "rejected", [low, high]) })
        {
            using var response = await client.PutAsync($"/api/v1/leads/{id}", new { status });
            await response.DataAsync();
            Assert.Equal(order, (await client.PageAsync("/api/v1/leads?sort_by=score")).Ids());
        }
        Assert.Equal([low], (await client.PageAsync("/api/v1/leads?min_score=23")).Ids());
        var best = (await client.GetDataAsync($"/api/v1/leads/{high}")).GetProperty("contact").GetProperty("lead_score").GetInt32();
        Assert.Equal(30 + 7 + 15, best);
    }

    private Task RescoreAsync() =>
        app.Services.GetRequiredService<TimerRunner>().RunAsync("RescoreLeads", TestContext.Current.CancellationToken);
}
