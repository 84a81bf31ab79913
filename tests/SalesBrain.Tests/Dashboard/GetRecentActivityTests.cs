using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Dashboard;

public sealed class GetRecentActivityTests(TestApp app)
{
    private const string Path = "/api/admin/dashboard/recent-activity";
    private static readonly DateTimeOffset Start = new(2026, 2, 3, 4, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Facts_of_all_kinds_come_newest_first()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var log = await app.CreateWebhookLogAsync(
            organization, "failed", "email.replied", contactEmail: "Jane@lead.example", campaignName: "Spring",
            createdAt: Start.AddMinutes(1));
        await app.CreateWebhookLogAsync(organization, "ignored", "something.new", createdAt: Start);
        var campaign = Guid.NewGuid();
        await AuditAsync(organization, "assignment.created", Start.AddMinutes(2), owner.Id, "owner", "user_campaign_assignment", campaign);
        await AuditAsync(organization, "onboarding_link.created", Start.AddMinutes(3), owner.Id, "owner", "onboarding_link");
        await AuditAsync(organization, "user.signed_in", Start.AddMinutes(4), owner.Id, "owner", "user", owner.Id);

        var facts = await GetAsync(owner);

        Assert.Equal(
            ["sign_in Signed in", "onboarding_link Onboarding link created", "assignment Assignment created", "webhook Reply received", "webhook something.new"],
            facts.Select(fact => $"{fact.GetProperty("kind")} {fact.GetProperty("title")}"));
        Assert.All(facts, fact => Assert.Equal(organization, fact.GetProperty("organization_id").GetGuid()));

        var reply = facts[3];
        Assert.Equal(Start.AddMinutes(1), reply.GetProperty("at").GetDateTimeOffset());
        reply.AssertIncludes(new
        {
            Summary = "Jane@lead.example in Spring",
            Action = "email.replied",
            Status = "failed",
            Entity = "webhook_log",
            EntityId = log,
            Actor = (object?)null,
        });

        var assignment = facts[2];
        assignment.AssertIncludes(new { Entity = "user_campaign_assignment", EntityId = campaign });
        Assert.Equal(
            $$"""{"id":"{{owner.Id}}","name":"Test","role":"owner"}""", assignment.GetProperty("actor").GetRawText());
    }

    [Fact]
    public async Task Other_audit_entries_and_sign_ins_of_others_are_no_facts()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        foreach (var (action, role) in new[]
        {
            ("user.signed_in", "member"), ("user.signed_in", "agency_admin"), ("user.signed_in", "read_only"),
            ("webhook_log.cleaned_up", "owner"), ("assignments.created", "owner"), ("onboarding.link", "owner"),
            ("xassignment.created", "owner"),
        })
        {
            await AuditAsync(organization, action, Start, owner.Id, role);
        }
        await AuditAsync(organization, "user.signed_in", Start, owner.Id, "admin");

        Assert.Equal("user.signed_in", Assert.Single(await GetAsync(owner)).GetProperty("action").GetString());
    }

    [Fact]
    public async Task Newest_fifty_are_answered_whichever_kind_they_are()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        for (var i = 0; i < 40; i++)
        {
            await app.CreateWebhookLogAsync(organization, createdAt: Start.AddSeconds(2 * i));
            await AuditAsync(organization, "assignment.created", Start.AddSeconds((2 * i) + 1), owner.Id, "owner");
        }

        var facts = await GetAsync(owner);

        Assert.Equal(
            Enumerable.Range(30, 50).Reverse().Select(i => Start.AddSeconds(i)),
            facts.Select(fact => fact.GetProperty("at").GetDateTimeOffset()));
        Assert.Equal(50, facts.Select(fact => fact.GetProperty("id").GetGuid()).Distinct().Count());
    }

    [Fact]
    public async Task Since_leaves_out_what_is_older()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        for (var i = 0; i < 3; i++)
        {
            await app.CreateWebhookLogAsync(organization, createdAt: Start.AddSeconds(i));
            await AuditAsync(organization, "assignment.created", Start.AddSeconds(i), owner.Id, "owner");
        }

        Assert.Equal(4, (await GetAsync(owner, "since=2026-02-03T04:00:01Z")).Count);
        Assert.Equal(2, (await GetAsync(owner, "since=2026-02-03T04:00:01.001Z")).Count);
        Assert.Empty(await GetAsync(owner, "since=2026-02-03T05:00:00%2B00:00"));
    }

    [Fact]
    public async Task Organizations_see_their_own_only_and_the_platform_all()
    {
        var one = await app.CreateUserAsync("owner");
        var other = await app.CreateUserAsync("admin");
        var platform = await app.CreateUserAsync("sb_admin");
        await app.CreateWebhookLogAsync(one.OrganizationId!.Value, contactEmail: "secret@one.example", createdAt: Start.AddYears(1));
        await AuditAsync(one.OrganizationId, "assignment.created", Start.AddYears(1).AddSeconds(1), platform.Id, "sb_admin");
        await AuditAsync(null, "user.signed_in", Start.AddYears(1).AddSeconds(2), platform.Id, "sb_admin");
        await app.CreateWebhookLogAsync(other.OrganizationId!.Value, createdAt: Start.AddYears(1).AddSeconds(3));

        var own = await GetAsync(one);
        Assert.Equal(["assignment", "webhook"], own.Select(fact => fact.GetProperty("kind").GetString()));
        Assert.Equal($$"""{"id":"{{platform.Id}}","name":null,"role":"sb_admin"}""", own[0].GetProperty("actor").GetRawText());
        Assert.Single(await GetAsync(other));
        Assert.Empty(await GetAsync(other, $"organization_id={one.OrganizationId}"));

        var all = await GetAsync(platform, "since=2027-01-01");
        Assert.Equal(["webhook", "sign_in", "assignment", "webhook"], all.Select(fact => fact.GetProperty("kind").GetString()));
        Assert.Equal("Test", all[1].GetProperty("actor").GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, all[1].GetProperty("organization_id").ValueKind);
        Assert.Equal(2, (await GetAsync(platform, $"organization_id={one.OrganizationId}")).Count);
        Assert.Empty(await GetAsync(platform, $"organization_id={Guid.NewGuid()}"));
    }

    [Theory]
    [InlineData("member")]
    [InlineData("read_only")]
    public async Task Who_may_not_read_the_audit_log_sees_webhooks(string role)
    {
        var user = await app.CreateUserAsync(role);
        await app.CreateWebhookLogAsync(user.OrganizationId!.Value);
        await AuditAsync(user.OrganizationId, "assignment.created", Start, user.Id, "owner");

        Assert.Equal("webhook", Assert.Single(await GetAsync(user)).GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Empty_organization_has_no_facts() => Assert.Empty(await GetAsync(await app.CreateUserAsync("owner")));

    [Theory]
    [InlineData("since=now", "since")]
    [InlineData("organization_id=1", "organization_id")]
    [InlineData("limit=10", "limit")]
    public async Task Bad_input_is_refused(string query, string parameter)
    {
        using var response = await app.As(await app.CreateUserAsync("owner")).GetAsync($"{Path}?{query}");

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty(parameter, out _));
    }

    [Fact]
    public async Task Roles_below_the_organization_are_refused()
    {
        using var response = await app.As(await app.CreateUserAsync("agency_admin")).GetAsync(Path);

        await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    private async Task<List<JsonElement>> GetAsync(TestUser user, string query = "") =>
        (await (await app.As(user).GetAsync($"{Path}?{query}")).DataAsync()).GetProperty("activity").EnumerateArray().ToList();

    private Task AuditAsync(
        Guid? organization, string action, DateTimeOffset at, Guid actor, string role, string entity = "thing", Guid? entityId = null) =>
        app.ExecuteAsync("""
            insert into app.audit_log (id, organization_id, actor_id, actor_role, action, entity, entity_id, at)
            values (@id, @organization, @actor, @role, @action, @entity, @entityId, @at)
            """, new { id = Guid.CreateVersion7(at), organization, action, at, actor, role, entity, entityId });
}
