using System.Text.Json;
using Npgsql;
using SalesBrain.Core.Access;
using SalesBrain.Data.Sessions;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Assignments;

/// <summary>Database functions for SQL users and reports. The others do not let a caller bypass the app's assignment rules.</summary>
public sealed class AssignmentFunctionsTests(TestApp app)
{
    [Fact]
    public async Task Counts_are_of_what_is_assigned_now()
    {
        var user = await app.CreateUserAsync("member");
        var contacts = await app.CreateContactsAsync(user.OrganizationId!.Value, 3);
        var (campaign, deleted) = (await app.CreateCampaignAsync(user.OrganizationId.Value), await app.CreateCampaignAsync(user.OrganizationId.Value, "Deleted"));
        await app.ExecuteAsync("""
            insert into app.user_contact_assignment (organization_id, user_id, contact_id, status)
            values (@OrganizationId, @Id, @a, 'active'), (@OrganizationId, @Id, @b, 'inactive'), (@OrganizationId, @Id, @c, 'transferred');
            insert into app.user_campaign_assignment (organization_id, user_id, campaign_id) values (@OrganizationId, @Id, @campaign), (@OrganizationId, @Id, @deleted);
            update app.campaign set deleted_at = now() where id = @deleted
            """, new { user.OrganizationId, user.Id, a = contacts[0], b = contacts[1], c = contacts[2], campaign, deleted });

        (await CountsAsync(user.Id)).AssertIncludes(new { Contacts = 1, Campaigns = 1 });
        (await CountsAsync(Guid.NewGuid())).AssertIncludes(new { Contacts = 0, Campaigns = 0 });

        Task<JsonElement> CountsAsync(Guid id) => app.QuerySingleJsonAsync(
            "select app.get_user_contact_count(@id) as contacts, app.get_user_campaign_count(@id) as campaigns", new { id });
    }

    [Fact]
    public async Task Next_user_gets_the_next_contact()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var members = await app.CreateMembersAsync(owner.OrganizationId!.Value, 3);
        await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted(members, 1, 2, 3)));

        for (var i = 0; i < 12; i++)
        {
            var next = await NextAsync(owner);
            Assert.Equal(next, await NextAsync(owner));
            var contact = await app.CreateContactsAsync(owner.OrganizationId.Value, 1);
            await client.AutoAssignAsync(contact);
            Assert.Equal(next, await app.OwnerOfAsync(contact[0]));
        }
    }

    [Fact]
    public async Task Without_an_eligible_user_there_is_no_next_user()
    {
        var owner = await app.CreateUserAsync("owner", status: "disabled");
        await app.CreateUserAsync("read_only", owner.OrganizationId);
        await app.CreateUserAsync("client_admin", owner.OrganizationId);
        Assert.Null(await NextAsync(owner));

        var member = await app.CreateUserAsync("member", owner.OrganizationId);
        Assert.Equal(member.Id, await NextAsync(owner));
        Assert.Null(await app.QuerySingleAsync<Guid?>("select app.get_next_user_round_robin(@id)", new { id = Guid.NewGuid() }));
    }

    [Theory]
    [InlineData("owner", true)]
    [InlineData("read_only", true)]
    [InlineData("agency_staff", false)]
    [InlineData("client_user", false)]
    public async Task Only_who_sees_all_of_the_organization_sees_whose_turn_it_is(string role, bool sees)
    {
        var owner = await app.CreateUserAsync("owner");
        var caller = role == "owner" ? owner : await app.CreateUserAsync(role, owner.OrganizationId);
        await using var database = Database();

        var next = await As(database, caller).QuerySingleAsync<Guid?>(
            "select app.get_next_user_round_robin(@OrganizationId)", new { owner.OrganizationId }, CancellationToken.None);

        Assert.Equal(sees, next is not null);
    }

    [Theory]
    [InlineData("member")]
    [InlineData("agency_admin")]
    [InlineData("read_only")]
    public async Task Role_without_organization_rights_cannot_assign_in_the_database_either(string role)
    {
        var caller = await app.CreateUserAsync(role);
        var contacts = await app.CreateContactsAsync(caller.OrganizationId!.Value, 1);

        Assert.Equal("42501", await RefusalAsync(caller, caller.OrganizationId.Value, contacts));
    }

    [Fact]
    public async Task Session_cannot_assign_in_another_organization()
    {
        var caller = await app.CreateUserAsync("owner");
        var other = await app.CreateUserAsync("owner");

        Assert.Equal(
            "42501", await RefusalAsync(caller, other.OrganizationId!.Value, await app.CreateContactsAsync(other.OrganizationId.Value, 1)));
    }

    private async Task<string?> RefusalAsync(TestUser caller, Guid organization, Guid[] contacts)
    {
        await using var database = Database();
        await using var session = await database.WriteTenantAsync(ContextOf(caller), CancellationToken.None);
        var assigning = await Assert.ThrowsAsync<PostgresException>(() => session.ExecuteAsync(
            "select app.assign_contacts(@organization, @contacts, null, null, now())", new { organization, contacts },
            CancellationToken.None));
        await using var second = await database.WriteTenantAsync(ContextOf(caller), CancellationToken.None);
        var telling = await Assert.ThrowsAsync<PostgresException>(() => second.ExecuteAsync(
            "select app.notify_assigned(@organization, 'contact', array[@Id], array[1], null, now())", new { organization, caller.Id },
            CancellationToken.None));
        Assert.Equal(assigning.SqlState, telling.SqlState);
        return assigning.SqlState;
    }

    private Task<Guid?> NextAsync(TestUser owner) =>
        app.QuerySingleAsync<Guid?>("select app.get_next_user_round_robin(@OrganizationId)", new { owner.OrganizationId });

    private SalesBrainDatabase Database() =>
        new(new DatabaseOptions { TenantConnectionString = app.Database.Tenant, PlatformConnectionString = app.Database.Platform });

    private static TenantSession As(SalesBrainDatabase database, TestUser user) => database.ReadTenant(ContextOf(user));

    private static TenantContext ContextOf(TestUser user)
    {
        Assert.True(Roles.TryParse(user.Role, out var role));
        return new TenantContext(user.OrganizationId!.Value, user.Id, role.Name(), user.AgencyId, user.ClientId);
    }
}
