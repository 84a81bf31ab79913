using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

[Collection(SerialApp.Collection)]
public sealed class ListUsersTests(SerialApp app)
{
    [Fact]
    public async Task Filters_narrow_it_by_any_name_of_a_role()
    {
        var place = await CrmPlace.CreateAsync(app);
        var owner = await place.CreateUserAsync(app, "owner");
        var viewer = await place.CreateUserAsync(app, "read_only");
        var disabled = await app.CreateUserAsync("member", place.OrganizationId, status: "disabled");
        using var client = app.As(owner);

        Assert.Equal([viewer.Id], await IdsAsync(client, "?role=VIEWER"));
        Assert.Equal(new[] { viewer.Id, place.Staff.Id }.Order(), (await IdsAsync(client, "?role=role_read_only&role=sales_rep")).Order());
        Assert.Equal([disabled.Id], await IdsAsync(client, "?status=disabled"));
        Assert.Equal([place.Staff.Id], await IdsAsync(client, $"?agency_id={place.AgencyId}"));
        Assert.Equal([place.ClientUser.Id], await IdsAsync(client, $"?clientId={place.ClientId}&status=invited,active"));
        Assert.Equal([owner.Id], await IdsAsync(client, $"?search={Uri.EscapeDataString(owner.Email.ToUpperInvariant())}"));
        Assert.Empty(await IdsAsync(client, $"?organization_id={await app.CreateOrganizationAsync()}"));
        using var unknown = await client.GetAsync($"{CrmWorld.Users}?role=boss");
        Assert.Equal("role", (await unknown.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public async Task Platform_operator_sees_everybody_or_one_organization_and_organizations_see_no_operator()
    {
        var place = await CrmPlace.CreateAsync(app);
        var @operator = await app.CreateUserAsync("sb_operator");
        using var client = app.As(@operator);
        using var owner = app.As(await place.CreateUserAsync(app, "owner"));

        var everybody = await client.WalkAsync($"{CrmWorld.Users}?page_size=200");
        var own = await client.WalkAsync($"{CrmWorld.Users}?organization_id={place.OrganizationId}&sort_by=email");

        Assert.Equal(await app.QueryAsync<Guid>("select id from app.user order by created_at desc, id desc"), everybody);
        Assert.Equal(
            await app.QueryAsync<Guid>(
                "select id from app.user where organization_id = @OrganizationId order by email_norm, id", new { place.OrganizationId }),
            own);
        Assert.Equal([@operator.Id], await IdsAsync(client, $"?search={@operator.Email}"));
        Assert.Empty(await IdsAsync(owner, $"?search={@operator.Email}"));
        using var hidden = await owner.GetAsync($"{CrmWorld.Users}/{@operator.Id}");
        await hidden.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Name_is_found_in_full_and_sorted_by_last_name()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        foreach (var (first, last) in new[] { ("Zoe", "adams"), ("Ann", "Young"), ("Ben", "Adams") })
        {
            await app.ExecuteAsync(
                "update app.user set first_name = @first, last_name = @last where id = @Id",
                new { first, last, (await app.CreateUserAsync("member", owner.OrganizationId)).Id });
        }

        var sorted = await client.PageAsync($"{CrmWorld.Users}?sort_by=name&role=member");
        var found = await client.PageAsync($"{CrmWorld.Users}?search=ben%20ADAMS");

        Assert.Equal(
            ["Ben", "Zoe", "Ann"], sorted.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("first_name").GetString()));
        Assert.Equal("Ben", found.GetProperty("data").EnumerateArray().Single().GetProperty("first_name").GetString());
    }

    [Fact]
    public async Task No_answer_shows_a_password()
    {
        var owner = await app.CreateUserAsync("owner", password: "a long enough password");
        using var client = app.As(owner);
        var hash = await app.QuerySingleAsync<string>("select password_hash from app.user where id = @Id", owner);

        foreach (var path in new[] { CrmWorld.Users, $"{CrmWorld.Users}/{owner.Id}" })
        {
            var text = await client.GetStringAsync(path);
            Assert.DoesNotContain("password", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(hash, text, StringComparison.Ordinal);
        }
    }

    private static async Task<Guid[]> IdsAsync(HttpClient client, string query) => (await client.PageAsync(CrmWorld.Users + query)).Ids();
}
