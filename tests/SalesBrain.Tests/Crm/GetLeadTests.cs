using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

public sealed class GetLeadTests(TestApp app)
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Lead_is_shown_with_contact_campaign_assignee_and_timeline()
    {
        var owner = await app.CreateUserAsync("owner");
        var campaign = await app.CreateCampaignAsync(owner.OrganizationId!.Value, "First contact");
        var id = await app.CreateLeadAsync(
            owner.OrganizationId!.Value, "Office", "Manager", "Prospect", "office@prospect.example", campaign, assignedTo: owner.Id,
            interest: "meeting_booked");
        await app.ExecuteAsync("""
            update app.lead set qualification_data = '{"budget": true}', custom_fields = '{"camelName": 1}' where id = @id;
            """, new { id });
        var activity = await app.CreateActivityAsync(id, Noon, "email.replied");

        var lead = await app.As(owner).GetDataAsync(PathOf(id));

        lead.AssertIncludes(new
        {
            Id = id,
            Status = "new",
            Interest = "meeting_booked",
            QualificationData = new { Budget = true },
            Contact = new { Email = "office@prospect.example", LastName = "Manager", Suppression = "none" },
            Campaign = new { Id = campaign, Name = "First contact", Status = "active" },
            Assignee = new { owner.Id, Role = "owner" },
            Timeline = new
            {
                Activities = new[] { new { Id = activity, Type = "email.replied", Details = new { Step = 1 } } },
                NextCursor = (string?)null,
            },
        });
        Assert.NotEqual(JsonValueKind.Null, lead.GetProperty("interest_at").ValueKind);
        Assert.Equal(1, lead.GetProperty("custom_fields").GetProperty("camelName").GetInt32());
    }

    [Fact]
    public async Task Lead_without_campaign_and_assignee_shows_none()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateLeadAsync(owner.OrganizationId!.Value);

        var lead = await app.As(owner).GetDataAsync(PathOf(id));

        lead.AssertIncludes(
            new { Campaign = (object?)null, Assignee = (object?)null, Timeline = new { Activities = Array.Empty<object>() } });
    }

    [Fact]
    public async Task Timeline_is_read_page_by_page_newest_first()
    {
        var owner = await app.CreateUserAsync("owner");
        var (id, other) = (await app.CreateLeadAsync(owner.OrganizationId!.Value), await app.CreateLeadAsync(owner.OrganizationId!.Value));
        for (var i = 0; i < 11; i++)
        {
            // Several at the same time.
            await app.CreateActivityAsync(id, Noon.AddHours(i / 3));
            await app.CreateActivityAsync(other, Noon.AddHours(i));
        }
        var expected = await app.QueryAsync<Guid>(
            "select id from app.activity where lead_id = @id order by occurred_at desc, id desc", new { id });
        using var http = app.As(owner);

        var (seen, cursor) = (new List<Guid>(), (string?)null);
        do
        {
            var timeline = (await http.GetDataAsync($"{PathOf(id)}?timeline_size=2&timeline_cursor={cursor}")).GetProperty("timeline");
            seen.AddRange(timeline.GetProperty("activities").EnumerateArray().Select(activity => activity.GetProperty("id").GetGuid()));
            cursor = timeline.GetProperty("next_cursor").GetString();
            if (seen.Count == 2)
            {
                using var wrong = await http.GetAsync($"{PathOf(other)}?timeline_cursor={cursor}");
                Assert.Equal("timeline_cursor", (await wrong.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
                // A newer activity arrives between two pages.
                await app.CreateActivityAsync(id, Noon.AddDays(1));
            }
        }
        while (cursor is not null);
        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task Deleted_lead_and_one_outside_the_callers_scope_are_not_there()
    {
        var user = await app.CreateUserAsync("client_user");
        var organization = user.OrganizationId!.Value;
        var agency = await app.QuerySingleAsync<Guid>("select agency_id from app.client where id = @ClientId", user);
        var sibling = await app.CreateClientAsync(organization, agency);
        var own = await app.CreateLeadAsync(organization, agencyId: agency, clientId: user.ClientId);
        var deleted = await app.CreateLeadAsync(organization, agencyId: agency, clientId: user.ClientId);
        await app.ExecuteAsync("update app.lead set deleted_at = now() where id = @deleted", new { deleted });
        var others = await app.CreateLeadAsync(organization, agencyId: agency, clientId: sibling);
        using var http = app.As(user);

        Assert.Equal(own, (await http.GetDataAsync(PathOf(own))).GetProperty("id").GetGuid());
        foreach (var id in new[] { deleted, others, Guid.NewGuid() })
        {
            using var response = await http.GetAsync(PathOf(id));
            await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
    }

    [Theory]
    [InlineData("?timeline_size=0", "timeline_size")]
    [InlineData("?timeline_size=201", "timeline_size")]
    [InlineData("?timeline_cursor=nonsense", "timeline_cursor")]
    [InlineData("?page=2", "page")]
    public async Task Bad_parameter_is_refused(string query, string member)
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateLeadAsync(owner.OrganizationId!.Value);

        using var response = await app.As(owner).GetAsync(PathOf(id) + query);

        Assert.Equal(member, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    private static string PathOf(Guid lead) => $"/api/v1/leads/{lead}";
}
