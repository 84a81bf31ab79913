using System.Net;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Organizations;

namespace SalesBrain.Tests.Crm;

public sealed class AssignLeadTests(TestApp app)
{
    [Fact]
    public async Task Assignee_is_told_once_for_several_leads_of_a_campaign()
    {
        var owner = await app.CreateUserAsync("owner");
        var member = await app.CreateUserAsync("member", owner.OrganizationId);
        var (spring, summer) = (await app.CreateCampaignAsync(owner.OrganizationId!.Value), await app.CreateCampaignAsync(owner.OrganizationId.Value));
        var leads = new[] { await LeadAsync(spring), await LeadAsync(spring), await LeadAsync(summer) };
        using var client = app.As(owner);

        using var first = await client.PostAsync(PathOf(leads[0]), new { user_id = member.Id, notes = " Please call " });
        using var second = await client.PostTextAsync(PathOf(leads[1]), $$"""{"email": " {{member.Email.ToUpperInvariant()}} "}""");
        using var third = await client.PostTextAsync(PathOf(leads[2]), $$"""{"userId": "{{member.Id}}"}""");
        using var again = await client.PostAsync(PathOf(leads[2]), new { user_id = member.Id });

        foreach (var response in new[] { first, second, third, again })
        {
            (await response.DataAsync()).AssertIncludes(new { AssignedTo = member.Id, Assignee = new { member.Email } });
        }
        var told = await app.QueryJsonAsync("""
            select type, count, body, link_entity, link_id, data from app.notification where user_id = @Id order by count desc
            """, new { member.Id });
        told.AssertIncludes(new object[]
        {
            new
            {
                Type = "lead.assigned",
                Count = 2,
                Body = "2 leads were assigned to you.",
                LinkEntity = "lead",
                LinkId = leads[1],
                Data = """{"notes": "Please call"}""",
            },
            new
            {
                Type = "lead.assigned",
                Count = 1,
                Body = "A lead was assigned to you.",
                LinkEntity = "lead",
                LinkId = leads[2],
                Data = "{}",
            },
        });
        var entry = Assert.Single(await app.AuditOfAsync(leads[2]));
        Assert.Equal("lead.assigned", entry.Action);
        Assert.Equal($$$"""{"after": {"assigned_to": "{{{member.Id}}}"}, "before": {"assigned_to": null}}""", entry.Changes);

        Task<Guid> LeadAsync(Guid campaign) => app.CreateLeadAsync(owner.OrganizationId.Value, campaignId: campaign);
    }

    [Fact]
    public async Task Nobody_is_told_of_what_they_do_themselves()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateLeadAsync(owner.OrganizationId!.Value);

        using var response = await app.As(owner).PostAsync(PathOf(id), new { user_id = owner.Id });

        (await response.DataAsync()).AssertIncludes(new { AssignedTo = owner.Id });
        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*) from app.notification where user_id = @Id", new { owner.Id }));
    }

    [Theory]
    [InlineData("read_only", "active", "assignee_unsuitable")]
    [InlineData("client_user", "active", "assignee_unsuitable")]
    [InlineData("member", "invited", "assignee_unsuitable")]
    [InlineData("member", "disabled", "assignee_disabled")]
    public async Task User_who_cannot_work_leads_is_refused(string role, string status, string code)
    {
        var place = await CrmPlace.CreateAsync(app);
        var user = await app.CreateUserAsync(
            role, place.OrganizationId, clientId: role == "client_user" ? place.ClientId : null, status: status);
        var id = await app.CreateLeadAsync(place.OrganizationId, agencyId: place.AgencyId, clientId: place.ClientId);

        using var response = await app.As(await place.CreateUserAsync(app, "owner")).PostAsync(PathOf(id), new { user_id = user.Id });

        await response.ProblemAsync(HttpStatusCode.Conflict, code);
        Assert.Null(await app.QuerySingleAsync<Guid?>("select assigned_to from app.lead where id = @id", new { id }));
    }

    [Fact]
    public async Task Unknown_user_and_one_of_another_organization_are_refused_alike()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateLeadAsync(owner.OrganizationId!.Value);
        var foreign = await app.CreateUserAsync("owner");
        using var client = app.As(owner);

        foreach (var (member, known, unknown) in new[]
        {
            ("user_id", $$"""{"user_id": "{{foreign.Id}}"}""", $$"""{"user_id": "{{Guid.NewGuid()}}"}"""),
            ("email", $$"""{"email": "{{foreign.Email}}"}""", """{"email": "nobody@nowhere.example"}"""),
        })
        {
            using var one = await client.PostTextAsync(PathOf(id), known);
            using var other = await client.PostTextAsync(PathOf(id), unknown);
            var told = await one.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
            Assert.Equal(member, told.Members());
            Assert.Equal((await other.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).WithoutTrace(), told.WithoutTrace());
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"user_id": "00000000-0000-0000-0000-000000000001", "email": "a@b.example"}""")]
    public async Task Exactly_one_name_of_the_user_is_sent(string body)
    {
        var owner = await app.CreateUserAsync("owner");

        using var response = await app.As(owner).PostTextAsync(PathOf(await app.CreateLeadAsync(owner.OrganizationId!.Value)), body);

        Assert.Equal("user_id", (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public async Task Session_cannot_tell_users_of_leads_that_they_do_not_have()
    {
        var place = await CrmPlace.CreateAsync(app);
        var (staff, member) = (await place.CreateUserAsync(app, "agency_staff"), await app.CreateUserAsync("member", place.OrganizationId));
        var id = await app.CreateLeadAsync(place.OrganizationId, agencyId: place.AgencyId, assignedTo: staff.Id);

        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => app.ExecuteAsync(
            "select app.notify_lead_assignee(@OrganizationId, array[@id], @member, @staff, null, now())",
            new { place.OrganizationId, id, member = member.Id, staff = staff.Id }));

        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*) from app.notification where user_id = @Id", new { member.Id }));
    }

    private static string PathOf(Guid lead) => $"/api/v1/leads/{lead}/assign";
}
