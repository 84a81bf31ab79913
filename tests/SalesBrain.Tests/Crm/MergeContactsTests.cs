using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

/// <summary>What the surviving contact has after a merge, and which merges are refused.</summary>
public sealed class MergeContactsTests(TestApp app)
{
    [Fact]
    public async Task Survivor_fills_its_gaps_and_has_the_tags_and_custom_fields_of_both()
    {
        var (caller, http) = await app.CreateOwnerAsync();
        var organization = caller.OrganizationId!.Value;
        var merged = await app.CreatePersonAsync(
            organization, "old@acme.example", "Ann", "Old", "Acme", "+1 555", tags: ["b", "c"], customFields: """{"a": 1, "b": 1}""");
        var survivor = await app.CreatePersonAsync(
            organization, "new@acme.example", lastName: "New", tags: ["a", "b"], customFields: """{"b": 2, "c": 2}""");

        var contact = await http.MergeAsync(merged, survivor);

        contact.AssertIncludes(new
        {
            Id = survivor,
            Email = "new@acme.example",
            FirstName = "Ann",
            LastName = "New",
            Company = "Acme",
            Phone = "+1 555",
            Tags = new[] { "a", "b", "c" },
            CustomFields = new { A = 1, B = 2, C = 2 },
        });
        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*) from app.contact where id = @merged", new { merged }));
        Assert.Equal([survivor], (await http.PageAsync(ContactWorld.Path)).Ids());
        var (gone, kept) = (Assert.Single(await app.AuditOfAsync(merged)), Assert.Single(await app.AuditOfAsync(survivor)));
        gone.Json.AssertIncludes(new { Into = survivor, Before = new { Email = "old@acme.example", LastName = "Old" } });
        kept.Json.AssertIncludes(new { From = merged, Before = new { FirstName = (string?)null }, After = new { FirstName = "Ann" } });
    }

    [Theory]
    [InlineData("none", "unsubscribed", "unsubscribed")]
    [InlineData("unsubscribed", "manual", "unsubscribed")]
    [InlineData("manual", "bounced", "manual")]
    [InlineData("bounced", "none", "bounced")]
    [InlineData("none", "none", "none")]
    public async Task Stricter_suppression_stays(string one, string other, string expected)
    {
        var (caller, http) = await app.CreateOwnerAsync();
        var organization = caller.OrganizationId!.Value;
        var (merged, survivor) = (await app.CreatePersonAsync(organization, suppression: one), await app.CreatePersonAsync(organization, suppression: other));

        var contact = await http.MergeAsync(merged, survivor);

        contact.AssertIncludes(new { Suppression = expected });
        Assert.Equal(expected == "none", contact.GetProperty("suppressed_at").ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public async Task Contact_without_an_address_takes_the_merged_contacts_address()
    {
        var (caller, http) = await app.CreateOwnerAsync();
        var organization = caller.OrganizationId!.Value;
        var (merged, survivor) = (await app.CreatePersonAsync(organization, "only@acme.example"), await app.CreatePersonAsync(organization));

        var contact = await http.MergeAsync(merged, survivor);

        contact.AssertIncludes(new { Email = "only@acme.example" });
        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(*) from app.contact_former_email where organization_id = @organization", new { organization }));
    }

    [Fact]
    public async Task Survivor_keeps_its_owner_and_percentages_never_exceed_100()
    {
        var (caller, http) = await app.CreateOwnerAsync();
        var organization = caller.OrganizationId!.Value;
        var (merged, survivor) = (await app.CreatePersonAsync(organization), await app.CreatePersonAsync(organization));
        var users = await app.CreateMembersAsync(organization, 4);
        await AssignAsync(organization, survivor, users[0], 70, primary: true, interactions: 1);
        await AssignAsync(organization, survivor, users[1], 10, primary: false, interactions: 2, status: "inactive");
        await AssignAsync(organization, merged, users[2], 60, primary: true);
        await AssignAsync(organization, merged, users[0], 10, primary: false, interactions: 4);
        await AssignAsync(organization, merged, users[1], 25, primary: false, interactions: 8);
        await AssignAsync(organization, merged, users[3], 5, primary: false);

        await http.MergeAsync(merged, survivor);

        var rows = await app.QueryJsonAsync("""
            select user_id::text, status, is_primary_owner, ownership_percentage, interactions_count
            from app.user_contact_assignment where contact_id = @survivor
            """, new { survivor });
        JsonElement Of(TestUser user) => rows.EnumerateArray().Single(row => row.GetProperty("user_id").GetGuid() == user.Id);
        Assert.Equal(4, rows.GetArrayLength());
        Of(users[0]).AssertIncludes(new { Status = "active", IsPrimaryOwner = true, OwnershipPercentage = 80, InteractionsCount = 5 });
        Of(users[1]).AssertIncludes(new { Status = "active", IsPrimaryOwner = false, OwnershipPercentage = 20, InteractionsCount = 10 });
        Of(users[2]).AssertIncludes(new { Status = "transferred" });
        Of(users[3]).AssertIncludes(new { Status = "active", IsPrimaryOwner = false, OwnershipPercentage = 0 });
    }

    [Fact]
    public async Task Survivor_without_an_owner_gets_the_merged_contacts_owner_and_waits_for_none()
    {
        var (caller, http) = await app.CreateOwnerAsync();
        var organization = caller.OrganizationId!.Value;
        var (merged, survivor) = (await app.CreatePersonAsync(organization), await app.CreatePersonAsync(organization));
        var (owner, helper) = (await app.CreateUserAsync("member", organization), await app.CreateUserAsync("member", organization));
        await AssignAsync(organization, merged, owner, 100, primary: true);
        await AssignAsync(organization, survivor, helper, 40, primary: false);
        await app.ExecuteAsync(
            "insert into app.assignment_queue (organization_id, contact_id, source, queued_at) "
            + "values (@organization, @survivor, 'request', now())",
            new { organization, survivor });

        await http.MergeAsync(merged, survivor);

        Assert.Equal(owner.Id, await app.OwnerOfAsync(survivor));
        Assert.Equal(60, await app.QuerySingleAsync<int>(
            "select ownership_percentage from app.user_contact_assignment where user_id = @Id", new { owner.Id }));
        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(*) from app.assignment_queue where organization_id = @organization", new { organization }));
    }

    [Fact]
    public async Task Former_ids_redirect_to_the_contact_also_after_further_merges()
    {
        var (caller, http) = await app.CreateOwnerAsync();
        var organization = caller.OrganizationId!.Value;
        var ids = new[]
        {
            await app.CreatePersonAsync(organization),
            await app.CreatePersonAsync(organization),
            await app.CreatePersonAsync(organization),
        };
        await http.MergeAsync(ids[0], ids[1]);
        await http.MergeAsync(ids[1], ids[2]);
        using var stranger = app.As(await app.CreateUserAsync("owner"));
        using var staff = app.As(await app.CreateUserAsync("agency_staff", organization));

        foreach (var former in ids[..2])
        {
            using var read = await http.GetAsync($"{ContactWorld.Path}/{former}");
            using var edit = await http.PutTextAsync($"{ContactWorld.Path}/{former}", """{"city": "Rome"}""");
            using var again = await http.PostAsync($"{ContactWorld.Path}/{former}/merge", new { into = ids[2] });
            using var back = await http.PostAsync($"{ContactWorld.Path}/{ids[2]}/merge", new { into = former });
            using var foreign = await stranger.GetAsync($"{ContactWorld.Path}/{former}");
            using var hidden = await staff.GetAsync($"{ContactWorld.Path}/{former}");

            Assert.Equal(
                (HttpStatusCode.MovedPermanently, $"{ContactWorld.Path}/{ids[2]}"), (read.StatusCode, read.Headers.Location!.ToString()));
            foreach (var refused in new[] { edit, again, back })
            {
                Assert.Equal(
                    ids[2], (await refused.ProblemAsync(HttpStatusCode.Conflict, "contact_merged")).GetProperty("existing_id").GetGuid());
            }
            await foreign.ProblemAsync(HttpStatusCode.NotFound, "not_found");
            await hidden.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
    }

    [Fact]
    public async Task Merging_into_itself_into_another_organizations_contact_or_into_nobody_is_refused()
    {
        var (caller, http) = await app.CreateOwnerAsync();
        var organization = caller.OrganizationId!.Value;
        var own = await app.CreatePersonAsync(organization);
        var foreign = await app.CreatePersonAsync(await app.CreateOrganizationAsync());
        using var platform = app.As(await app.CreateUserAsync("sb_admin"));

        using var itself = await http.PostAsync($"{ContactWorld.Path}/{own}/merge", new { into = own });
        using var away = await http.PostAsync($"{ContactWorld.Path}/{own}/merge", new { into = foreign });
        using var across = await platform.PostAsync($"{ContactWorld.Path}/{own}/merge", new { into = foreign });
        using var nobody = await http.PostAsync($"{ContactWorld.Path}/{own}/merge", new { into = Guid.NewGuid() });
        using var text = await http.PostTextAsync($"{ContactWorld.Path}/{own}/merge", """{"into": "me"}""");
        using var empty = await http.PostTextAsync($"{ContactWorld.Path}/{own}/merge", "{}");

        Assert.Equal("into", (await itself.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        foreach (var response in new[] { away, across, nobody })
        {
            await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
        Assert.Equal("into", (await text.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal("into", (await empty.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(
            2, await app.QuerySingleAsync<int>("select count(*) from app.contact where id in (@own, @foreign)", new { own, foreign }));
    }

    private Task AssignAsync(
        Guid organization, Guid contact, TestUser user, int percentage, bool primary, int interactions = 0, string status = "active") =>
        app.ExecuteAsync("""
            insert into app.user_contact_assignment (
                organization_id, user_id, contact_id, ownership_percentage, is_primary_owner, interactions_count, status)
            values (@organization, @user, @contact, @percentage, @primary, @interactions, @status)
            """, new { organization, contact, user = user.Id, percentage, primary, interactions, status });
}
