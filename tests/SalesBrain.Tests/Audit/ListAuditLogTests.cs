using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Audit;

public sealed class ListAuditLogTests(TestApp app)
{
    private const string Path = "/api/v1/audit-log";

    [Fact]
    public async Task Changes_are_shown_with_who_made_them_newest_first()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        using var made = await client.PostTextAsync(CrmWorld.Agencies, """{"name": "Desk"}""");
        var agency = (await made.DataAsync()).GetProperty("id").GetGuid();
        using var changed = await client.PutTextAsync($"{CrmWorld.Agencies}/{agency}", """{"name": "Desk of two"}""");
        using var platform = app.As(await app.CreateUserAsync("sb_admin"));
        using var byPlatform = await platform.PutTextAsync($"{CrmWorld.Agencies}/{agency}", """{"city": "Graz"}""");

        var rows = (await client.PageAsync(Path)).GetProperty("data").EnumerateArray().ToList();

        Assert.Equal(["agency.updated", "agency.updated", "agency.created"], rows.Select(row => row.GetProperty("action").GetString()));
        // An organization sees that a platform operator made the change, but not their name.
        rows[0].AssertIncludes(new { ActorRole = "sb_admin", ActorName = (string?)null });
        rows[1].AssertIncludes(new
        {
            ActorId = owner.Id,
            ActorRole = "owner",
            ActorName = "Test",
            EntityId = agency,
            Entity = "agency",
            Ip = "127.0.0.1",
        });
        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse("""{"before": {"name": "Desk"}, "after": {"name": "Desk of two"}}"""), rows[1].GetProperty("changes")));
    }

    [Fact]
    public async Task Filters_narrow_it()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var (actor, thing) = (Guid.NewGuid(), Guid.NewGuid());
        for (var i = 0; i < 6; i++)
        {
            await AddAsync(
                owner.OrganizationId, i < 2 ? actor : null, i % 2 == 0 ? "lead.created" : "user.disabled", i % 2 == 0 ? "lead" : "user",
                i == 5 ? thing : null, i);
        }

        Assert.Equal([5, 4, 3, 2, 1, 0], await NumbersAsync(client, ""));
        Assert.Equal([0, 1, 2, 3, 4, 5], await NumbersAsync(client, "?sort_order=asc"));
        Assert.Equal([1, 0], await NumbersAsync(client, $"?actor_id={actor}"));
        Assert.Equal([4, 2, 0], await NumbersAsync(client, "?action=lead.created"));
        Assert.Equal([5, 3, 1], await NumbersAsync(client, "?entity=user"));
        Assert.Equal([5], await NumbersAsync(client, $"?entityId={thing}"));
        Assert.Equal([3, 2], await NumbersAsync(client, "?date_from=2026-02-03&date_to=2026-02-05"));
        Assert.Equal([0], await NumbersAsync(client, $"?actor_id={actor}&action=lead.created&date_to=2026-02-02T00:00:00Z"));
        Assert.Empty(await NumbersAsync(client, "?action=lead"));
        using var backwards = await client.GetAsync($"{Path}?date_from=2026-02-03&date_to=2026-02-02");
        Assert.Equal("date_to", (await backwards.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public async Task Cursor_walks_it_while_entries_come()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        for (var i = 0; i < 11; i++)
        {
            // Several at the same time.
            await AddAsync(owner.OrganizationId, null, "thing.changed", "thing", null, i / 4);
        }
        var expected = await app.QueryAsync<Guid>(
            "select id from app.audit_log where organization_id = @OrganizationId order by at desc, id desc", owner);

        Assert.Equal(expected, await client.WalkAsync(
            $"{Path}?page_size=2", between: () => AddAsync(owner.OrganizationId, null, "thing.changed", "thing", null, 20)));
    }

    [Fact]
    public async Task Platform_reads_all_of_it_or_one_organizations_and_others_their_own()
    {
        var (owner, other) = (await app.CreateUserAsync("owner"), await app.CreateUserAsync("owner"));
        await AddAsync(owner.OrganizationId, null, "only.here", "thing", null, 1);
        await AddAsync(other.OrganizationId, null, "only.here", "thing", null, 2);
        await AddAsync(null, null, "only.here", "thing", null, 3);
        using var client = app.As(owner);
        using var platform = app.As(await app.CreateUserAsync("sb_operator"));

        Assert.Equal([3, 2, 1], await NumbersAsync(platform, "?action=only.here"));
        Assert.Equal([2], await NumbersAsync(platform, $"?action=only.here&organization_id={other.OrganizationId}"));
        Assert.Equal([1], await NumbersAsync(client, "?action=only.here"));
        Assert.Empty(await NumbersAsync(client, $"?organization_id={other.OrganizationId}"));
    }

    private Task AddAsync(Guid? organizationId, Guid? actorId, string action, string entity, Guid? entityId, int day) => app.ExecuteAsync("""
        insert into app.audit_log (organization_id, actor_id, actor_role, action, entity, entity_id, changes, at)
        values (@organizationId, @actorId, 'member', @action, @entity, @entityId, jsonb_build_object('number', @day), timestamptz '2026-02-01Z' + @day * interval '1 day')
        """, new { organizationId, actorId, action, entity, entityId, day });

    private static async Task<IEnumerable<int>> NumbersAsync(HttpClient client, string query) =>
        (await client.PageAsync(Path + query)).GetProperty("data").EnumerateArray()
            .Select(row => row.GetProperty("changes").GetProperty("number").GetInt32());
}
