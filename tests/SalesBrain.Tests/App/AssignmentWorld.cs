using System.Net;
using System.Text.Json;

namespace SalesBrain.Tests.App;

/// <summary>Contacts to be assigned, rules by which they are, and who has them in the end.</summary>
public static class AssignmentWorld
{
    public const string Rules = "/api/admin/assignment-rules";

    public const string AutoAssign = "/api/admin/contacts/auto-assign";

    /// <summary>An owner of a new organization with their client, and a member.</summary>
    public static async Task<(TestUser Owner, TestUser User, HttpClient Client)> CreateOwnerAndMemberAsync(
        this TestApp app, string status = "active")
    {
        var (owner, client) = await app.CreateOwnerAsync();
        return (owner, await app.CreateUserAsync("member", owner.OrganizationId, status: status), client);
    }

    /// <summary>Posts a bulk assignment, and returns its result.</summary>
    public static async Task<JsonElement> AssignAsync<T>(this HttpClient client, string path, T body)
    {
        using var response = await client.PostAsync(path, body);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.JsonAsync();
    }

    /// <summary>Users who can work contacts.</summary>
    public static async Task<TestUser[]> CreateMembersAsync(this TestApp app, Guid organizationId, int count)
    {
        var members = new TestUser[count];
        for (var i = 0; i < count; i++)
        {
            members[i] = await app.CreateUserAsync("member", organizationId);
        }
        return members;
    }

    /// <summary>
    /// People the organization knows, all alike but for the score of their lead, which counts from <paramref name="score"/> up.
    /// </summary>
    public static async Task<Guid[]> CreateContactsAsync(
        this TestApp app, Guid organizationId, int count, string? country = null, int? score = null) =>
        [.. await app.QueryAsync<Guid>("""
            with contact as (
                insert into app.contact (organization_id, email, email_norm, country)
                select @organizationId, e.address, e.address, @country
                from generate_series(1, @count) as n (number)
                cross join lateral (select @batch || '-' || n.number || '@prospect.example' as address) e
                returning id, organization_id
            ), numbered as (
                select c.id, c.organization_id, row_number() over () as number from contact c
            ), lead as (
                insert into app.lead (organization_id, contact_id, score)
                select n.organization_id, n.id, (@score + n.number - 1) % 101
                from numbered n
                where @score is not null
            )
            select n.id from numbered n order by n.number
            """, new { organizationId, count, country, score, batch = Guid.CreateVersion7().ToString("N") })];

    /// <summary>A contact with what conditions ask for.</summary>
    public static Task<Guid> CreateContactLikeAsync(
        this TestApp app, Guid organizationId, string? country = null, string? region = null, string? city = null, string? email = null,
        string? website = null, string[]? tags = null) =>
        app.QuerySingleAsync<Guid>("""
            insert into app.contact (organization_id, email, email_norm, country, region, city, website, tags)
            values (@organizationId, @email, lower(@email), @country, @region, @city, @website, @tags)
            returning id
            """, new { organizationId, country, region, city, email, website, tags = tags ?? [] });

    /// <summary>A new user who has the contact or the campaign.</summary>
    public static async Task<Guid> AssignAsync(this TestApp app, Guid organizationId, string kind, Guid id)
    {
        var user = await app.CreateUserAsync("member", organizationId);
        await app.ExecuteAsync(
            $"insert into app.user_{kind}_assignment (organization_id, user_id, {kind}_id) values (@organizationId, @userId, @id)",
            new { organizationId, userId = user.Id, id });
        return user.Id;
    }

    /// <summary>Puts rules in force as an owner of the organization would; answers them.</summary>
    public static async Task<JsonElement> SetRulesAsync(this HttpClient client, params object[] rules)
    {
        using var response = await client.PutAsync(Rules, new { rules });
        return await response.DataAsync();
    }

    /// <summary>Turns the automatic assignment of new contacts on or off.</summary>
    public static async Task AssignNewContactsAsync(this HttpClient client, bool on)
    {
        using var response = await client.PutAsync(Rules, new { assign_new_contacts = on });
        await response.DataAsync();
    }

    /// <summary>One rule for all contacts.</summary>
    public static object CatchAll(params object[] members) => new { name = "Everybody else", strategy = "round_robin", members };

    /// <summary>Members at these weights.</summary>
    public static object[] Weighted(IEnumerable<TestUser> users, params int[] weights) =>
        [.. users.Zip(weights, (user, weight) => (object)new { user_id = user.Id, weight })];

    /// <summary>Has contacts assigned; answers the whole answer.</summary>
    public static async Task<JsonElement> AutoAssignAsync(
        this HttpClient client, IEnumerable<Guid> contactIds, string? strategy = null, bool dryRun = false)
    {
        using var response = await client.PostAsync(AutoAssign, new { contact_ids = contactIds, strategy, dry_run = dryRun });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.JsonAsync();
    }

    /// <summary>Has contacts assigned in batches, by many callers at once.</summary>
    public static Task AutoAssignInParallelAsync(this HttpClient client, IEnumerable<Guid> contactIds, int callers = 16, int batch = 40) =>
        Parallel.ForEachAsync(
            contactIds.Chunk(batch), new ParallelOptions { MaxDegreeOfParallelism = callers },
            async (ids, _) => await client.AutoAssignAsync(ids));

    /// <summary>How many contacts each of these users owns.</summary>
    public static async Task<int[]> CountContactsAsync(this TestApp app, IEnumerable<TestUser> users)
    {
        var counts = (await app.QueryAsync<(Guid UserId, int Count)>("""
            select user_id, count(*)::int from app.user_contact_assignment where status = 'active' and is_primary_owner group by user_id
            """)).ToDictionary(row => row.UserId, row => row.Count);
        return [.. users.Select(user => counts.GetValueOrDefault(user.Id))];
    }

    /// <summary>Who owns a contact; null when nobody does.</summary>
    public static async Task<Guid?> OwnerOfAsync(this TestApp app, Guid contactId)
    {
        var owners = await app.QueryAsync<Guid>(
            "select user_id from app.user_contact_assignment where contact_id = @contactId and status = 'active' and is_primary_owner",
            new { contactId });
        return owners.Count == 0 ? null : Assert.Single(owners);
    }

    /// <summary>The clock's time as the database keeps it: to the microsecond.</summary>
    public static DateTime StoredNow(this ClockedApp app) => app.Now.AddTicks(-(app.Now.Ticks % TimeSpan.TicksPerMicrosecond));
}
