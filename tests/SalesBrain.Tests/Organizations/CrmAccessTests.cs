using System.Net;
using System.Text.Json;
using SalesBrain.Core.Access;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

/// <summary>What of the CRM people of an agency or a client see.</summary>
public sealed class CrmAccessTests(TestApp app)
{
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
            isAgency ? new[] { place.ClientId, place.OtherClientId }.Order() : [place.ClientId],
            (await client.PageAsync(CrmWorld.Clients)).Ids().Order());
        Assert.Equal(
            new[] { user.Id, isAgency ? place.Staff.Id : place.ClientUser.Id }.Order(),
            (await client.PageAsync(CrmWorld.Users)).Ids().Order());
        using var others = await client.GetAsync($"{CrmWorld.Users}/{(isAgency ? place.ClientUser : place.Staff).Id}");
        await others.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Organizations_settings_and_key_are_for_people_of_the_whole_organization()
    {
        var place = await CrmPlace.CreateAsync(app);
        await app.ExecuteAsync(
            """update app.organization set settings = '{"a": 1}' where id = @OrganizationId""", new { place.OrganizationId });
        foreach (var role in Roles.All)
        {
            using var client = app.As(await place.CreateUserAsync(app, role.Name()));

            var shown = await client.GetDataAsync($"{CrmWorld.Organizations}/{place.OrganizationId}");
            var listed = (await client.PageAsync($"{CrmWorld.Organizations}?sort_by=updated_at")).GetProperty("data").EnumerateArray()
                .Single(row => row.GetProperty("id").GetGuid() == place.OrganizationId);

            var expected = role.Level() <= RoleLevel.Organization && role is not (Role.Agent or Role.AgentSupervisor)
                ? (JsonValueKind.Object, JsonValueKind.String)
                : (JsonValueKind.Null, JsonValueKind.Null);
            Assert.Equal(expected, (shown.GetProperty("settings").ValueKind, shown.GetProperty("tenant_key").ValueKind));
            Assert.Equal(expected, (listed.GetProperty("settings").ValueKind, listed.GetProperty("tenant_key").ValueKind));
        }
    }
}
