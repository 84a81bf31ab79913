using SalesBrain.Core.Access;
using SalesBrain.Tests.Database;

namespace SalesBrain.Tests.Organizations;

/// <summary>The policies ask <c>app.may_grant</c>, the endpoints <see cref="RoleRules.MayGrant"/>: they decide alike.</summary>
public sealed class MayGrantTests(ClonedDatabase database) : IClassFixture<ClonedDatabase>
{
    private static readonly Guid Organization = Guid.Parse("00000000-0000-0000-0000-000000000001");
    private static readonly Guid?[] Places =
        [null, Guid.Parse("00000000-0000-0000-0000-00000000000a"), Guid.Parse("00000000-0000-0000-0000-00000000000b")];

    /// <summary>Every scope that a user can have in one organization with two agencies and two clients, and the platform's.</summary>
    private static readonly List<RoleScope> Scopes = (
        from role in Roles.All
        from agency in Places
        from client in Places
        let scope = new RoleScope(role, role.IsPlatform() ? null : Organization, agency, client)
        where RoleRules.IsValid(scope)
        select scope).ToList();

    [Fact]
    public async Task Database_and_application_agree_on_every_pair_inside_an_organization()
    {
        var pairs = (
            from granter in Scopes
            from granted in Scopes
            where granter.OrganizationId is not null && granted.OrganizationId is not null
            select (granter, granted)).ToList();

        var answers = await AskAsync(pairs);

        Assert.Contains(true, answers);
        Assert.All(pairs.Zip(answers), pair => Assert.True(
            RoleRules.MayGrant(pair.First.granter, pair.First.granted) == pair.Second,
            $"The database says {pair.Second}: {pair.First.granter} grants {pair.First.granted}."));
    }

    /// <summary>Platform operators have a login of their own, so a tenant session that claims to be theirs may grant nothing.</summary>
    [Fact]
    public async Task Platform_role_in_a_tenant_session_grants_nothing()
    {
        var answers = await AskAsync((
            from granter in Scopes.Where(scope => scope.Role.IsPlatform())
            from granted in Scopes
            select (granter, granted)).ToList());

        Assert.DoesNotContain(true, answers);
    }

    private Task<List<bool>> AskAsync(List<(RoleScope Granter, RoleScope Granted)> pairs) => database.QueryAsync<bool>("""
        select coalesce(app.may_grant(p.granter_role, p.granter_agency_id, p.granter_client_id, p.role, p.agency_id, p.client_id), false)
        from unnest(@granterRoles, @granterAgencies, @granterClients, @roles, @agencies, @clients) with ordinality
            as p (granter_role, granter_agency_id, granter_client_id, role, agency_id, client_id, number)
        order by p.number
        """, new
    {
        granterRoles = pairs.Select(pair => pair.Granter.Role.Name()).ToArray(),
        granterAgencies = pairs.Select(pair => pair.Granter.AgencyId).ToArray(),
        granterClients = pairs.Select(pair => pair.Granter.ClientId).ToArray(),
        roles = pairs.Select(pair => pair.Granted.Role.Name()).ToArray(),
        agencies = pairs.Select(pair => pair.Granted.AgencyId).ToArray(),
        clients = pairs.Select(pair => pair.Granted.ClientId).ToArray(),
    });
}
