using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

public sealed class GetContactTests(TestApp app)
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Contact_is_shown_with_its_live_leads_owner_and_newest_activities()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var campaign = await app.CreateCampaignAsync(organization, "First contact");
        var id = await app.CreatePersonAsync(organization, "office@prospect.example", "Office", customFields: """{"camelName": 1}""");
        var (first, second) = (await app.CreateLeadAsync(organization, id, campaign), await app.CreateLeadAsync(organization, id));
        var gone = await app.CreateLeadAsync(organization, id);
        await app.ExecuteAsync("""
            update app.lead set deleted_at = now() where id = @gone;
            insert into app.user_contact_assignment (organization_id, user_id, contact_id) values (@organization, @Id, @contact);
            """, new { gone, organization, owner.Id, contact = id });
        var older = await app.CreateActivityAsync(first, Noon, "email.sent");
        var newer = await app.CreateActivityAsync(second, Noon.AddHours(1), "email.replied");

        var contact = await app.As(owner).GetDataAsync($"{ContactWorld.Path}/{id}");

        contact.AssertIncludes(new
        {
            Id = id,
            Email = "office@prospect.example",
            Leads = new[]
            {
                new { Id = second, CampaignName = (string?)null },
                new { Id = first, CampaignName = (string?)"First contact" },
            },
            Owner = new { owner.Id, Role = "owner" },
            Timeline = new
            {
                Activities = new[]
                {
                    new { Id = newer, Type = "email.replied", LeadId = second, CampaignId = (Guid?)null },
                    new { Id = older, Type = "email.sent", LeadId = first, CampaignId = (Guid?)campaign },
                },
                NextCursor = (string?)null,
            },
        });
        Assert.Equal(1, contact.GetProperty("custom_fields").GetProperty("camelName").GetInt32());
    }

    [Fact]
    public async Task Timeline_is_read_page_by_page_newest_first()
    {
        var owner = await app.CreateUserAsync("owner");
        var lead = await app.CreateLeadAsync(owner.OrganizationId!.Value);
        var (id, other) = (await app.ContactOfAsync(lead), await app.CreatePersonAsync(owner.OrganizationId!.Value));
        for (var i = 0; i < 7; i++)
        {
            // Several at the same time.
            await app.CreateActivityAsync(lead, Noon.AddHours(i / 3));
        }
        var expected = await app.QueryAsync<Guid>(
            "select id from app.activity where contact_id = @id order by occurred_at desc, id desc", new { id });
        using var http = app.As(owner);

        var (seen, cursor) = (new List<Guid>(), (string?)null);
        do
        {
            var timeline = (await http.GetDataAsync($"{ContactWorld.Path}/{id}?timeline_size=3{(cursor is null ? "" : $"&timeline_cursor={cursor}")}")).GetProperty("timeline");
            seen.AddRange(timeline.GetProperty("activities").EnumerateArray().Select(activity => activity.GetProperty("id").GetGuid()));
            cursor = timeline.GetProperty("next_cursor").GetString();
            if (cursor is not null)
            {
                using var foreign = await http.GetAsync($"{ContactWorld.Path}/{other}?timeline_cursor={cursor}");
                Assert.Equal("timeline_cursor", (await foreign.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
            }
        }
        while (cursor is not null);

        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task Agency_sees_its_own_leads_their_best_score_and_their_activities_only()
    {
        var staff = await app.CreateUserAsync("agency_staff");
        var organization = staff.OrganizationId!.Value;
        var own = await app.CreateLeadAsync(organization, agencyId: staff.AgencyId, score: 20);
        var id = await app.ContactOfAsync(own);
        var other = await app.CreateLeadAsync(organization, id);
        await app.ExecuteAsync("update app.lead set score = 90 where id = @other", new { other });
        var (seen, hidden) = (await app.CreateActivityAsync(own, Noon), await app.CreateActivityAsync(other, Noon));

        var contact = await app.As(staff).GetDataAsync($"{ContactWorld.Path}/{id}");

        contact.AssertIncludes(
            new { LeadScore = 20, Leads = new[] { new { Id = own } }, Timeline = new { Activities = new[] { new { Id = seen } } } });
        Assert.DoesNotContain(hidden.ToString(), contact.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_that_is_current_is_not_sent_again()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreatePersonAsync(owner.OrganizationId!.Value);
        using var http = app.As(owner);
        using var first = await http.GetAsync($"{ContactWorld.Path}/{id}");
        http.DefaultRequestHeaders.TryAddWithoutValidation("If-None-Match", first.Headers.ETag!.ToString());

        using var same = await http.GetAsync($"{ContactWorld.Path}/{id}");
        await app.CreateLeadAsync(owner.OrganizationId!.Value, id);
        using var changed = await http.GetAsync($"{ContactWorld.Path}/{id}");

        Assert.Equal((HttpStatusCode.NotModified, HttpStatusCode.OK), (same.StatusCode, changed.StatusCode));
    }

    [Fact]
    public async Task CamelCase_is_answered_when_it_is_asked_for()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreatePersonAsync(owner.OrganizationId!.Value, firstName: "Ann");
        using var http = app.As(owner);
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/json; case=camel");

        var contact = await http.GetDataAsync($"{ContactWorld.Path}/{id}?timelineSize=5");

        Assert.Equal("Ann", contact.GetProperty("firstName").GetString());
        Assert.Equal(JsonValueKind.Null, contact.GetProperty("timeline").GetProperty("nextCursor").ValueKind);
    }
}
