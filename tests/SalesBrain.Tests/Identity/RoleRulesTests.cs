using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Data.Identity;
using Xunit;

namespace SalesBrain.Tests.Identity;

public sealed class RoleRulesTests
{
    private static readonly Guid[] Ids = [Guid.Parse("00000000-0000-0000-0000-00000000000a"), Guid.Parse("00000000-0000-0000-0000-00000000000b")];

    /// <summary>Scopes in two organizations, of two agencies and two clients, some of them incomplete.</summary>
    private static readonly Arbitrary<(RoleScope Granter, RoleScope Granted)> Pairs = (
        from role in Gen.Elements(Roles.All.ToArray())
        from organization in Gen.Elements<Guid?>(null, Ids[0], Ids[1])
        from agency in Gen.Elements<Guid?>(null, Ids[0], Ids[1])
        from client in Gen.Elements<Guid?>(null, Ids[0], Ids[1])
        select new RoleScope(role, organization, agency, client)).Two().Select(pair => (pair.Item1, pair.Item2)).ToArbitrary();

    [Theory]
    [InlineData(Role.SbOperator, "")]
    [InlineData(Role.Owner, "owner, admin, member, agency_admin, agency_staff, client_admin, client_staff, client_user, read_only")]
    [InlineData(Role.Admin, "admin, member, agency_admin, agency_staff, client_admin, client_staff, client_user, read_only")]
    [InlineData(Role.Member, "")]
    [InlineData(Role.AgencyAdmin, "agency_staff, client_admin, client_staff, client_user")]
    [InlineData(Role.AgencyStaff, "")]
    [InlineData(Role.ClientAdmin, "client_admin, client_staff, client_user")]
    [InlineData(Role.ClientStaff, "")]
    [InlineData(Role.ClientUser, "")]
    [InlineData(Role.ReadOnly, "")]
    public void Role_may_grant_these_in_its_own_scope(Role role, string granted) =>
        Assert.Equal(
            granted,
            string.Join(", ", Roles.All.Where(other => RoleRules.MayGrant(Complete(role), Complete(other))).Select(other => other.Name())));

    [Fact]
    public void Platform_administrator_grants_every_role_everywhere() =>
        Assert.All(Roles.All, role => Assert.True(RoleRules.MayGrant(Complete(Role.SbAdmin), Complete(role))));

    [Fact]
    public void Nobody_grants_above_their_own_level() =>
        Holds((granter, granted) => granted.Role.Level() >= granter.Role.Level());

    [Fact]
    public void Nobody_but_the_platform_administrator_grants_in_another_organization() =>
        Holds((granter, granted) => granter.Role == Role.SbAdmin || granter.OrganizationId == granted.OrganizationId);

    [Fact]
    public void Agency_and_client_administrators_stay_in_their_own() =>
        Holds((granter, granted) =>
            (granter.Role != Role.AgencyAdmin || granter.AgencyId == granted.AgencyId)
            && (granter.Role != Role.ClientAdmin || granter.ClientId == granted.ClientId));

    [Fact]
    public void No_role_is_granted_without_its_scope() =>
        Holds((_, granted) => RoleRules.IsComplete(granted));

    private static RoleScope Complete(Role role) =>
        role.IsPlatform() ? new RoleScope(role, null) : new RoleScope(role, Ids[0], Ids[0], Ids[0]);

    private static void Holds(Func<RoleScope, RoleScope, bool> property) =>
        Prop.ForAll(Pairs, pair => !RoleRules.MayGrant(pair.Granter, pair.Granted) || property(pair.Granter, pair.Granted))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
}
