using SalesBrain.Core.Access;
using SalesBrain.Core.Crm;

namespace SalesBrain.Core.Tests.Crm;

public sealed class LeadAssigneeRulesTests
{
    private static readonly Guid Organization = Guid.NewGuid();
    private static readonly Guid Agency = Guid.NewGuid();
    private static readonly Guid Client = Guid.NewGuid();

    public static TheoryData<Role, bool> Workers =>
        new(Roles.All.Where(role => !role.IsPlatform()).Select(role => (role, role.Can(Capability.WorkLeads))));

    [Theory]
    [MemberData(nameof(Workers))]
    public void Role_that_works_leads_takes_a_lead_in_its_scope(Role role, bool takes) =>
        Assert.Equal(takes, LeadAssigneeRules.Refusal(Scope(role), "active", Organization, Agency, Client) is null);

    [Theory]
    [InlineData(Role.AgencyStaff)]
    [InlineData(Role.ClientStaff)]
    public void Lead_outside_of_the_scope_is_refused(Role role) =>
        Assert.NotNull(LeadAssigneeRules.Refusal(Scope(role), "active", Organization, Guid.NewGuid(), Guid.NewGuid()));

    [Theory]
    [InlineData("invited")]
    [InlineData("disabled")]
    public void User_who_is_not_active_is_refused(string status) =>
        Assert.Contains(status, LeadAssigneeRules.Refusal(Scope(Role.Owner), status, Organization, null, null), StringComparison.Ordinal);

    [Fact]
    public void User_of_another_organization_is_refused() =>
        Assert.NotNull(LeadAssigneeRules.Refusal(Scope(Role.Owner), "active", Guid.NewGuid(), null, null));

    private static RoleScope Scope(Role role) => new(
        role, Organization, role.Level() == RoleLevel.Agency ? Agency : null, role.Level() == RoleLevel.Client ? Client : null);
}
