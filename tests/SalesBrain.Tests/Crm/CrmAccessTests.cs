using System.Net;
using System.Text.Json;
using SalesBrain.Data.Identity;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

/// <summary>Who may make which call of the CRM, and what others are told.</summary>
public sealed class CrmAccessTests(TestApp app) : IClassFixture<TestApp>
{
    public static TheoryData<Role> EveryRole => [.. Roles.All];

    [Theory]
    [MemberData(nameof(EveryRole))]
    public async Task Role_may_make_exactly_its_calls(Role role)
    {
        var place = await CrmPlace.CreateAsync(app);
        using var client = app.As(await place.CreateUserAsync(app, role.Name()));
        var sees = role.Level() is RoleLevel.Platform or RoleLevel.Organization;

        foreach (var call in CrmCalls.OnAll(place).Concat(CrmCalls.OnOne(place)))
        {
            await AssertMayAsync(call.AllowedRoles.Contains(role.Name()), client, call);
        }
        // Whom somebody does not see is not there for them; whom they see and may not change is refused.
        foreach (var call in CrmCalls.OnUser(place.Staff, "agency_admin"))
        {
            await AssertMayAsync(call.AllowedRoles.Contains(role.Name()), client, call, isSeen: sees || role.Level() == RoleLevel.Agency || !role.Can(Capability.ManageUsers));
        }
        foreach (var call in CrmCalls.OnUser(place.ClientUser, "client_admin"))
        {
            await AssertMayAsync(call.AllowedRoles.Contains(role.Name()), client, call, isSeen: sees || role.Level() == RoleLevel.Client || !role.Can(Capability.ManageUsers));
        }
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("admin")]
    [InlineData("member")]
    [InlineData("agency_admin")]
    [InlineData("client_admin")]
    public async Task Another_organizations_things_are_told_like_ones_that_never_were(string role)
    {
        var (own, other) = (await CrmPlace.CreateAsync(app), await CrmPlace.CreateAsync(app));
        using var client = app.As(await own.CreateUserAsync(app, role));
        string[] before = [.. await RowsAsync(other)];
        Guid[] ids = [other.OrganizationId, other.AgencyId, other.ClientId, other.EmptyAgencyId, other.EmptyClientId, other.Staff.Id, other.ClientUser.Id];

        var calls = CrmCalls.OnOne(other).Concat(CrmCalls.OnUser(other.Staff)).Concat(CrmCalls.OnUser(other.ClientUser))
            .Append(new(HttpMethod.Get, $"{CrmWorld.Users}/{other.Staff.Id}", null, []))
            .Where(call => Roles.TryParse(role, out var parsed) && CapabilityOf(call) is { } needed && parsed.Can(needed))
            .ToList();
        Assert.NotEmpty(calls);
        foreach (var call in calls)
        {
            using var theirs = await call.SendAsync(client);
            using var nobodys = await (call with { Path = ids.Aggregate(call.Path, (path, id) => path.Replace(id.ToString(), Guid.NewGuid().ToString(), StringComparison.Ordinal)) }).SendAsync(client);
            Assert.Equal(
                (await nobodys.ProblemAsync(HttpStatusCode.NotFound, "not_found")).WithoutTrace(),
                (await theirs.ProblemAsync(HttpStatusCode.NotFound, "not_found")).WithoutTrace());
            Assert.Equal(HeadersOf(nobodys), HeadersOf(theirs));
        }
        Assert.Equal(before, await RowsAsync(other));
    }

    [Fact]
    public async Task Nobody_gets_in_without_a_token()
    {
        var place = await CrmPlace.CreateAsync(app);

        foreach (var call in CrmCalls.OnAll(place).Concat(CrmCalls.OnOne(place)).Concat(CrmCalls.OnUser(place.Staff)))
        {
            using var response = await call.SendAsync(app.Http);
            await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        }
    }

    [Theory]
    [InlineData("agency_admin")]
    [InlineData("agency_staff")]
    [InlineData("client_admin")]
    [InlineData("client_user")]
    public async Task Lists_show_an_agencys_or_clients_people_its_own_alone(string role)
    {
        var (place, _) = (await CrmPlace.CreateAsync(app), await CrmPlace.CreateAsync(app));
        var user = await place.CreateUserAsync(app, role);
        using var client = app.As(user);
        var isAgency = user.AgencyId is not null;

        Assert.Equal([place.OrganizationId], (await client.PageAsync(CrmWorld.Organizations)).Ids());
        if (isAgency)
        {
            Assert.Equal([place.AgencyId], (await client.PageAsync(CrmWorld.Agencies)).Ids());
        }
        Assert.Equal(
            isAgency ? new[] { place.ClientId, place.EmptyClientId }.Order() : [place.ClientId],
            (await client.PageAsync(CrmWorld.Clients)).Ids().Order());
        Assert.Equal(
            new[] { user.Id, isAgency ? place.Staff.Id : place.ClientUser.Id }.Order(), (await client.PageAsync(CrmWorld.Users)).Ids().Order());
        using var others = await client.GetAsync($"{CrmWorld.Users}/{(isAgency ? place.ClientUser : place.Staff).Id}");
        await others.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Organizations_settings_and_key_are_for_people_of_the_whole_organization()
    {
        var place = await CrmPlace.CreateAsync(app);
        await app.ExecuteAsync("""update app.organization set settings = '{"a": 1}' where id = @OrganizationId""", new { place.OrganizationId });
        foreach (var role in Roles.All)
        {
            using var client = app.As(await place.CreateUserAsync(app, role.Name()));

            var shown = await client.GetDataAsync($"{CrmWorld.Organizations}/{place.OrganizationId}");
            var listed = (await client.PageAsync($"{CrmWorld.Organizations}?sort_by=updated_at")).GetProperty("data").EnumerateArray()
                .Single(row => row.GetProperty("id").GetGuid() == place.OrganizationId);

            var expected = role.Level() <= RoleLevel.Organization ? (JsonValueKind.Object, JsonValueKind.String) : (JsonValueKind.Null, JsonValueKind.Null);
            Assert.Equal(expected, (shown.GetProperty("settings").ValueKind, shown.GetProperty("tenant_key").ValueKind));
            Assert.Equal(expected, (listed.GetProperty("settings").ValueKind, listed.GetProperty("tenant_key").ValueKind));
        }
    }

    private static async Task AssertMayAsync(bool may, HttpClient client, CrmCall call, bool isSeen = true)
    {
        using var response = await call.SendAsync(client);
        if (may)
        {
            Assert.True(response.IsSuccessStatusCode, $"{call}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
        else if (isSeen)
        {
            await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        }
        else
        {
            await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
    }

    private static Capability? CapabilityOf(CrmCall call) => (call.Path.Split('/')[3], call.Method.Method) switch
    {
        ("organizations", "GET") => Capability.ReadOrganizations,
        ("organizations", "PUT") => Capability.UpdateOrganizations,
        ("agencies", "GET") => Capability.ReadAgencies,
        ("agencies", "PUT") => Capability.UpdateAgencies,
        ("agencies", _) => Capability.ManageAgencies,
        ("clients", "GET") => Capability.ReadClients,
        ("clients", _) => Capability.ManageClients,
        ("users", "GET") => Capability.ReadUsers,
        ("users", _) => Capability.ManageUsers,
        _ => null,
    };

    private static IEnumerable<string> HeadersOf(HttpResponseMessage response) =>
        response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Date").Select(header => $"{header.Key}: {string.Join(',', header.Value)}");

    private async Task<IReadOnlyList<string>> RowsAsync(CrmPlace place) => await app.QueryAsync<string>("""
        select o::text from app.organization o where id = @OrganizationId
        union all select a::text from app.agency a where organization_id = @OrganizationId
        union all select c::text from app.client c where organization_id = @OrganizationId
        union all select u::text from app.user u where organization_id = @OrganizationId
        union all select p::text from app.password_token p where organization_id = @OrganizationId
        order by 1
        """, new { place.OrganizationId });
}
