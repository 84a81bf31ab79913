using SalesBrain.Core.Access;

namespace SalesBrain.Core.Tests.Access;

public sealed class RoleRulesTests
{
    private static readonly Guid[] Ids =
        [Guid.Parse("00000000-0000-0000-0000-00000000000a"), Guid.Parse("00000000-0000-0000-0000-00000000000b")];

    /// <summary>Every scope there is in two organizations with two agencies and two clients, valid or not.</summary>
    private static readonly RoleScope[] Scopes = [..
        from role in Roles.All
        from organization in new Guid?[] { null, Ids[0], Ids[1] }
        from agency in new Guid?[] { null, Ids[0], Ids[1] }
        from client in new Guid?[] { null, Ids[0], Ids[1] }
        select new RoleScope(role, organization, agency, client)];

    [Theory]
    [InlineData(Role.SbOperator, "")]
    [InlineData(Role.Owner, "owner, admin, member, agency_admin, agency_staff, client_admin, client_staff, client_user, read_only, agent, agent_supervisor")]
    [InlineData(Role.Admin, "admin, member, agency_admin, agency_staff, client_admin, client_staff, client_user, read_only, agent, agent_supervisor")]
    [InlineData(Role.Member, "")]
    [InlineData(Role.AgencyAdmin, "agency_staff")]
    [InlineData(Role.AgencyStaff, "")]
    [InlineData(Role.ClientAdmin, "client_admin, client_staff, client_user")]
    [InlineData(Role.ClientStaff, "")]
    [InlineData(Role.ClientUser, "")]
    [InlineData(Role.ReadOnly, "")]
    [InlineData(Role.Agent, "")]
    [InlineData(Role.AgentSupervisor, "")]
    public void Role_may_grant_these_in_its_own_scope(Role role, string granted) =>
        Assert.Equal(
            granted,
            string.Join(", ", Roles.All.Where(other => RoleRules.MayGrant(Valid(role), Valid(other))).Select(other => other.Name())));

    [Fact]
    public void Platform_administrator_grants_every_role_everywhere() =>
        Assert.All(Roles.All, role => Assert.True(RoleRules.MayGrant(Valid(Role.SbAdmin), Valid(role))));

    [Fact]
    public void Role_is_ever_granted_exactly_where_it_is_granted_somewhere() =>
        Assert.All(from granter in Roles.All from granted in Roles.All select (granter, granted), pair => Assert.Equal(
            Scopes.Any(scope => scope.Role == pair.granted && RoleRules.MayGrant(Valid(pair.granter), scope)),
            RoleRules.MayEverGrant(Valid(pair.granter), pair.granted)));

    [Fact]
    public void Role_above_the_own_level_cannot_be_granted() =>
        Holds((granter, granted) => granted.Role.Level() >= granter.Role.Level());

    [Fact]
    public void Only_platform_administrators_grant_in_another_organization() =>
        Holds((granter, granted) => granter.Role == Role.SbAdmin || granter.OrganizationId == granted.OrganizationId);

    [Fact]
    public void Agency_and_client_administrators_stay_in_their_own() =>
        Holds((granter, granted) =>
            (granter.Role != Role.AgencyAdmin || granter.AgencyId == granted.AgencyId)
            && (granter.Role != Role.ClientAdmin || granter.ClientId == granted.ClientId));

    [Fact]
    public void No_role_is_granted_outside_a_valid_scope() =>
        Holds((_, granted) => RoleRules.IsValid(granted));

    [Theory]
    [InlineData(Role.SbAdmin, false, false, false)]
    [InlineData(Role.Member, true, false, false)]
    [InlineData(Role.AgencyStaff, true, true, false)]
    [InlineData(Role.ClientUser, true, false, true)]
    public void Scope_names_exactly_what_the_level_needs(Role role, bool organization, bool agency, bool client)
    {
        foreach (var o in new[] { false, true })
        {
            foreach (var a in new[] { false, true })
            {
                foreach (var c in new[] { false, true })
                {
                    var scope = new RoleScope(role, o ? Ids[0] : null, a ? Ids[0] : null, c ? Ids[0] : null);
                    Assert.Equal(o == organization && a == agency && c == client, RoleRules.IsValid(scope));
                }
            }
        }
    }

    private static RoleScope Valid(Role role) => role.Level() switch
    {
        RoleLevel.Platform => new RoleScope(role, null),
        RoleLevel.Organization => new RoleScope(role, Ids[0]),
        RoleLevel.Agency => new RoleScope(role, Ids[0], AgencyId: Ids[0]),
        _ => new RoleScope(role, Ids[0], ClientId: Ids[0]),
    };

    private static void Holds(Func<RoleScope, RoleScope, bool> property)
    {
        var granted = 0;
        foreach (var granter in Scopes)
        {
            foreach (var other in Scopes.Where(other => RoleRules.MayGrant(granter, other)))
            {
                Assert.True(property(granter, other), $"{granter} may grant {other}");
                granted++;
            }
        }
        Assert.NotEqual(0, granted);
    }
}
