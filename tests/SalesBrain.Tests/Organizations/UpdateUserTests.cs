using System.Net;
using System.Text.Json;
using SalesBrain.Core.Access;
using SalesBrain.Core.Security;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

public sealed class UpdateUserTests(TestApp app)
{
    public static TheoryData<Role> EveryManager => [.. Roles.With(Capability.ManageUsers)];

    [Fact]
    public async Task Only_the_members_sent_change_and_null_clears()
    {
        var place = await CrmPlace.CreateAsync(app);
        var owner = await place.CreateUserAsync(app, "owner");
        var member = await place.CreateUserAsync(app, "member");
        using var client = app.As(owner);

        using var first = await client.PutTextAsync(PathOf(member), """{"lastName": " Novak ", "first_name": null}""");
        using var second = await client.PutTextAsync(PathOf(member), """{"role": "viewer"}""");

        var data = await second.DataAsync();
        data.AssertIncludes(
            new { first_name = (string?)null, last_name = "Novak", role = "read_only", status = "active", email = member.Email });
        var audit = await app.AuditOfAsync(member.Id);
        Assert.All(audit, entry => Assert.Equivalent(new { Action = "user.updated", ActorId = owner.Id }, entry));
        Assert.True(
            JsonElement.DeepEquals(
                JsonElement.Parse(
                    """{"before": {"first_name": "Test", "last_name": null}, "after": {"first_name": null, "last_name": "Novak"}}"""),
                audit[0].Json),
            audit[0].Changes);
        Assert.True(
            JsonElement.DeepEquals(JsonElement.Parse("""{"before": {"role": "member"}, "after": {"role": "read_only"}}"""), audit[1].Json),
            audit[1].Changes);
    }

    /// <summary>
    /// Everybody of every role, made anything by every name: it comes about where the rules let the caller give both roles, and nowhere
    /// else.
    /// </summary>
    [Theory]
    [MemberData(nameof(EveryManager))]
    public async Task Nobody_promotes_above_themselves_or_changes_whom_they_could_not_have_made(Role manager)
    {
        var place = await CrmPlace.CreateAsync(app);
        var caller = await place.CreateUserAsync(app, manager.Name());
        var scope = new RoleScope(manager, caller.OrganizationId, caller.AgencyId, caller.ClientId);
        using var client = app.As(caller);
        foreach (var before in Roles.All)
        {
            var user = await place.CreateUserAsync(app, before.Name());
            foreach (var after in Roles.All)
            {
                await app.ExecuteAsync(
                    "update app.user set role = @Role, organization_id = @OrganizationId, agency_id = @AgencyId, client_id = @ClientId "
                    + "where id = @Id",
                    user);
                var (agency, wanted) = (after.Level() == RoleLevel.Agency ? place.AgencyId : (Guid?)null, after.Level() == RoleLevel.Client ? place.ClientId : (Guid?)null);
                var name = before == after ? after.Name() : after.Authority().ToLowerInvariant();

                using var response = await client.PutTextAsync(
                    PathOf(user), JsonSerializer.Serialize(new { role = name, agency_id = agency, client_id = wanted }));

                var old = new RoleScope(before, user.OrganizationId, user.AgencyId, user.ClientId);
                // Nobody leaves their organization, or gets into one.
                var made = new RoleScope(after, user.OrganizationId, agency, wanted);
                var role = await app.QuerySingleAsync<string>("select role from app.user where id = @Id", user);
                if (RoleRules.MayGrant(scope, old) && RoleRules.MayGrant(scope, made))
                {
                    Assert.Equal(after.Name(), Text(await response.DataAsync(), "role"));
                    Assert.Equal(after.Name(), role);
                }
                else
                {
                    Assert.True(response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound || (manager == Role.SbAdmin && response.StatusCode == HttpStatusCode.UnprocessableEntity),
                        $"{manager} made {before} {after}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
                    Assert.Equal(before.Name(), role);
                }
            }
        }
    }

    [Theory]
    [InlineData("agency_admin")]
    [InlineData("client_admin")]
    public async Task User_cannot_be_moved_out_of_the_callers_agency_or_client(string role)
    {
        var (place, other) = (await CrmPlace.CreateAsync(app), await CrmPlace.CreateAsync(app));
        var user = role == "agency_admin" ? place.Staff : place.ClientUser;
        using var client = app.As(await place.CreateUserAsync(app, role));
        var row = await app.RowAsync("user", user.Id);
        var elsewhere = await app.CreateAgencyAsync(place.OrganizationId);

        foreach (var body in new[]
        {
            $$"""{"agency_id": "{{elsewhere}}"}""",
            $$"""{"agency_id": "{{other.AgencyId}}"}""",
            $$"""{"client_id": "{{place.OtherClientId}}"}""",
            $$"""{"client_id": "{{other.ClientId}}"}""",
            $$"""{"role": "member", "agency_id": null, "client_id": null}""",
            $$"""{"role": "{{(role == "agency_admin" ? "client_user" : "agency_staff")}}", "agency_id": {{Quoted(role == "client_admin", place.AgencyId)}}, "client_id": {{Quoted(role == "agency_admin", place.ClientId)}}}""",
        })
        {
            using var response = await client.PutTextAsync(PathOf(user), body);
            Assert.True(
                response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.UnprocessableEntity, $"{body}: {response.StatusCode}");
        }
        using var organization = await client.PutTextAsync(PathOf(user), $$"""{"organization_id": "{{other.OrganizationId}}"}""");
        Assert.Equal("organization_id", (await organization.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(row, await app.RowAsync("user", user.Id));

        static string Quoted(bool given, Guid id) => given ? $"\"{id}\"" : "null";
    }

    [Fact]
    public async Task Owner_moves_people_between_the_agencies_and_clients_of_the_organization_alone()
    {
        var (place, other) = (await CrmPlace.CreateAsync(app), await CrmPlace.CreateAsync(app));
        var elsewhere = await app.CreateAgencyAsync(place.OrganizationId);
        using var client = app.As(await place.CreateUserAsync(app, "owner"));

        using var moved = await client.PutTextAsync(PathOf(place.Staff), $$"""{"agencyId": "{{elsewhere}}"}""");
        using var foreign = await client.PutTextAsync(PathOf(place.Staff), $$"""{"agency_id": "{{other.AgencyId}}"}""");
        using var toClient = await client.PutTextAsync(
            PathOf(place.Staff), $$"""{"role": "client_staff", "client_id": "{{place.ClientId}}"}""");
        using var foreignClient = await client.PutTextAsync(PathOf(place.Staff), $$"""{"client_id": "{{other.ClientId}}"}""");
        using var toOrganization = await client.PutTextAsync(PathOf(place.Staff), """{"role": "member"}""");
        using var withoutAgency = await client.PutTextAsync(PathOf(place.Staff), """{"role": "agency_staff"}""");

        Assert.Equal(elsewhere, (await moved.DataAsync()).GetProperty("agency_id").GetGuid());
        Assert.Equal("agency_id", (await foreign.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        (await toClient.DataAsync()).AssertIncludes(new { agency_id = (Guid?)null, client_id = place.ClientId });
        Assert.Equal("client_id", (await foreignClient.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(JsonValueKind.Null, (await toOrganization.DataAsync()).GetProperty("client_id").ValueKind);
        Assert.Equal("agency_id", (await withoutAgency.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Theory]
    [InlineData("sb_admin", """{"role": "sb_operator"}""")]
    [InlineData("sb_admin", """{"status": "disabled"}""")]
    [InlineData("owner", """{"role": "ROLE_ADMIN"}""")]
    [InlineData("owner", """{"status": "disabled"}""")]
    [InlineData("admin", """{"role": "member"}""")]
    [InlineData("admin", """{"role": "owner"}""")]
    [InlineData("admin", """{"status": "disabled"}""")]
    [InlineData("client_admin", """{"role": "client"}""")]
    public async Task User_cannot_change_their_own_role_or_status(string role, string body)
    {
        var place = await CrmPlace.CreateAsync(app);
        var user = await place.CreateUserAsync(app, role);
        var row = await app.RowAsync("user", user.Id);

        using var response = await app.As(user).PutTextAsync(PathOf(user), body);

        await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(row, await app.RowAsync("user", user.Id));
    }

    [Fact]
    public async Task User_can_change_their_own_name_and_resend_their_role()
    {
        var owner = await app.CreateUserAsync("owner");

        using var response = await app.As(owner)
            .PutTextAsync(PathOf(owner), """{"first_name": "Renamed", "role": "role_owner", "status": "active"}""");

        (await response.DataAsync()).AssertIncludes(new { first_name = "Renamed", role = "owner" });
    }

    [Theory]
    [InlineData("""{"role": "admin"}""")]
    [InlineData("""{"status": "disabled"}""")]
    public async Task Last_active_owner_stays_one(string body)
    {
        var organization = await app.CreateOrganizationAsync();
        var (last, invited) = (await app.CreateUserAsync("owner", organization), await app.CreateUserAsync("owner", organization, status: "invited"));
        await app.CreateUserAsync("owner", organization, status: "disabled");
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        using var response = await client.PutTextAsync(PathOf(last), body);
        // Who is not active yet keeps nobody in, and may go.
        using var other = await client.PutTextAsync(PathOf(invited), body);

        await response.ProblemAsync(HttpStatusCode.Conflict, "last_owner");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        (await app.QuerySingleJsonAsync("select role, status from app.user where id = @Id", last))
            .AssertIncludes(new { role = "owner", status = "active" });
        Assert.Empty(await app.AuditOfAsync(last.Id));
    }

    [Fact]
    public async Task Last_two_owners_demoting_each_other_leave_one_owner()
    {
        for (var round = 0; round < 5; round++)
        {
            var organization = await app.CreateOrganizationAsync();
            var owners = new[] { await app.CreateUserAsync("owner", organization), await app.CreateUserAsync("owner", organization) };

            var statuses = await Task.WhenAll(owners.Select(async owner =>
            {
                using var response = await app.As(owner)
                    .PutTextAsync(PathOf(owners.Single(other => other != owner)), """{"role": "member"}""");
                return response.StatusCode;
            }));

            // Who has been demoted by then is nobody who may.
            Assert.Single(statuses, HttpStatusCode.OK);
            Assert.Single(statuses, status => status is HttpStatusCode.Conflict or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden);
            Assert.Equal(1, await app.QuerySingleAsync<int>(
                "select count(*)::int from app.user where organization_id = @organization and role = 'owner'", new { organization }));
        }
    }

    [Fact]
    public async Task Of_the_last_two_owners_who_are_demoted_at_once_one_stays()
    {
        using var client = app.As(await app.CreateUserAsync("sb_admin"));
        for (var round = 0; round < 5; round++)
        {
            var organization = await app.CreateOrganizationAsync();
            var owners = new[] { await app.CreateUserAsync("owner", organization), await app.CreateUserAsync("owner", organization) };

            var statuses = await Task.WhenAll(owners.Select(async owner =>
            {
                using var response = await client.PutTextAsync(PathOf(owner), """{"role": "admin"}""");
                return response.StatusCode;
            }));

            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], statuses.Order());
            Assert.Equal(1, await app.QuerySingleAsync<int>(
                "select count(*)::int from app.user where organization_id = @organization and role = 'owner'", new { organization }));
        }
    }

    [Fact]
    public async Task However_many_owners_are_taken_away_at_once_in_whichever_way_one_stays()
    {
        var organization = await app.CreateOrganizationAsync();
        var owners = new List<TestUser>();
        for (var i = 0; i < 8; i++)
        {
            owners.Add(await app.CreateUserAsync("owner", organization));
        }
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        var statuses = await Task.WhenAll(owners.Select(async (owner, i) =>
        {
            using var response = (i % 3) switch
            {
                0 => await client.PutTextAsync(PathOf(owner), """{"role": "viewer"}"""),
                1 => await client.PutTextAsync(PathOf(owner), """{"status": "disabled"}"""),
                _ => await client.SendAsync(HttpMethod.Delete, PathOf(owner)),
            };
            return response.StatusCode;
        }));

        Assert.Single(statuses, HttpStatusCode.Conflict);
        Assert.Equal(7, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(1, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.user where organization_id = @organization and role = 'owner' and status = 'active'",
            new { organization }));
    }

    [Fact]
    public async Task Disabled_user_is_brought_back_and_an_invited_one_comes_by_the_invitation_alone()
    {
        var place = await CrmPlace.CreateAsync(app);
        var disabled = await app.CreateUserAsync("member", place.OrganizationId, status: "disabled");
        using var client = app.As(await place.CreateUserAsync(app, "admin"));

        using var back = await client.PutTextAsync(PathOf(disabled), """{"status": "active"}""");
        using var invited = await client.PutTextAsync(PathOf(place.Staff), """{"status": "active"}""");
        using var never = await client.PutTextAsync(PathOf(disabled), """{"status": "invited"}""");

        Assert.Equal("active", Text(await back.DataAsync(), "status"));
        await invited.ProblemAsync(HttpStatusCode.Conflict, "conflict");
        Assert.Equal("status", (await never.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public async Task Another_address_is_unique_and_ends_links_that_went_to_the_old_one()
    {
        var (place, other) = (await CrmPlace.CreateAsync(app), await CrmPlace.CreateAsync(app));
        using var client = app.As(await place.CreateUserAsync(app, "owner"));
        using (var invited = await client.SendAsync(HttpMethod.Post, PathOf(place.Staff) + "/invitation"))
        {
            await invited.DataAsync();
        }
        var old = app.Mails.LastTokenTo(place.Staff.Email);
        var email = $"Moved.{Guid.NewGuid():N}@test.example";

        using var taken = await client.PutTextAsync(PathOf(place.Staff), $$"""{"email": "{{other.Staff.Email.ToUpperInvariant()}}"}""");
        using var moved = await client.PutTextAsync(PathOf(place.Staff), $$"""{"email": " {{email}} "}""");

        await taken.ProblemAsync(HttpStatusCode.Conflict, "already_exists");
        Assert.Equal(email, Text(await moved.DataAsync(), "email"));
        Assert.Equal(
            email.ToLowerInvariant(), await app.QuerySingleAsync<string>("select email_norm from app.user where id = @Id", place.Staff));
        var hashes = await app.QueryAsync<byte[]>("select token_hash from app.password_token where user_id = @Id", place.Staff);
        Assert.Equal([OpaqueTokens.Hash(app.Mails.LastTokenTo(email))], hashes);
        Assert.NotEqual(old, app.Mails.LastTokenTo(email));
    }

    [Fact]
    public async Task Disabling_ends_the_links_to_choose_a_password()
    {
        var place = await CrmPlace.CreateAsync(app);
        using var client = app.As(await place.CreateUserAsync(app, "owner"));
        using var invited = await client.SendAsync(HttpMethod.Post, PathOf(place.Staff) + "/invitation");
        Assert.Equal(1, await LinksAsync());

        using var disabled = await client.PutTextAsync(PathOf(place.Staff), """{"status": "disabled"}""");

        Assert.Equal(HttpStatusCode.OK, disabled.StatusCode);
        Assert.Equal(0, await LinksAsync());

        Task<int> LinksAsync() =>
            app.QuerySingleAsync<int>("select count(*)::int from app.password_token where user_id = @Id", place.Staff);
    }

    [Theory]
    [InlineData("""{"email": null}""", "email")]
    [InlineData("""{"email": "nobody"}""", "email")]
    [InlineData("""{"role": null}""", "role")]
    [InlineData("""{"role": "god"}""", "role")]
    [InlineData("""{"status": null}""", "status")]
    [InlineData("""{"status": "gone"}""", "status")]
    [InlineData("""{"agency_id": "x"}""", "agency_id")]
    [InlineData("""{"agency_id": "00000000-0000-7000-8000-000000000001"}""", "agency_id")]
    [InlineData("""{"password": "a long enough password"}""", "password")]
    [InlineData("""{"first_name": "Ann", "firstName": "Ann"}""", "first_name")]
    public async Task Bad_input_is_refused_by_member_and_changes_nothing(string body, string members)
    {
        var place = await CrmPlace.CreateAsync(app);
        var member = await place.CreateUserAsync(app, "member");
        var row = await app.RowAsync("user", member.Id);

        using var response = await app.As(await place.CreateUserAsync(app, "owner")).PutTextAsync(PathOf(member), body);

        Assert.Equal(members, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(row, await app.RowAsync("user", member.Id));
    }

    private static string PathOf(TestUser user) => $"{CrmWorld.Users}/{user.Id}";

    private static string? Text(JsonElement data, string name) => data.GetProperty(name).GetString();
}
