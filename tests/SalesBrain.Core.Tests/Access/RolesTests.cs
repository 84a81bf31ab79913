using SalesBrain.Core.Access;
using SalesBrain.Core.Values;
using static SalesBrain.Core.Access.Capability;

namespace SalesBrain.Core.Tests.Access;

public sealed class RolesTests
{
    [Theory]
    [InlineData(Role.SbAdmin, "sb_admin", RoleLevel.Platform, "ROLE_SYSTEM_ADMIN", "super_admin", "system_admin")]
    [InlineData(Role.SbOperator, "sb_operator", RoleLevel.Platform, "ROLE_SYSTEM_OPERATOR")]
    [InlineData(Role.Owner, "owner", RoleLevel.Organization, "ROLE_OWNER")]
    [InlineData(Role.Admin, "admin", RoleLevel.Organization, "ROLE_ADMIN")]
    [InlineData(Role.Member, "member", RoleLevel.Organization, "ROLE_MEMBER")]
    [InlineData(Role.AgencyAdmin, "agency_admin", RoleLevel.Agency, "ROLE_AGENCY_ADMIN", "sales_manager")]
    [InlineData(Role.AgencyStaff, "agency_staff", RoleLevel.Agency, "ROLE_AGENCY_STAFF", "researcher", "sales_rep")]
    [InlineData(Role.ClientAdmin, "client_admin", RoleLevel.Client, "ROLE_CLIENT_ADMIN")]
    [InlineData(Role.ClientStaff, "client_staff", RoleLevel.Client, "ROLE_CLIENT_STAFF")]
    [InlineData(Role.ClientUser, "client_user", RoleLevel.Client, "ROLE_CLIENT_USER", "client")]
    [InlineData(Role.ReadOnly, "read_only", RoleLevel.Organization, "ROLE_READ_ONLY", "viewer")]
    [InlineData(Role.Agent, "agent", RoleLevel.Organization, "ROLE_AGENT")]
    [InlineData(Role.AgentSupervisor, "agent_supervisor", RoleLevel.Organization, "ROLE_AGENT_SUPERVISOR")]
    public void Role_is_as_the_specification_lists_it(Role role, string name, RoleLevel level, string authority, params string[] aliases)
    {
        Assert.Equal(name, role.Name());
        Assert.Equal(level, role.Level());
        Assert.Equal(authority, role.Authority());
        Assert.Equal(level == RoleLevel.Platform, role.IsPlatform());
        foreach (var text in aliases.Append(name).Append(authority))
        {
            Assert.True(Roles.TryParse(text, out var parsed), text);
            Assert.Equal(role, parsed);
            Assert.True(Roles.TryParse($" {text.ToUpperInvariant()}\n", out parsed), text);
            Assert.Equal(role, parsed);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("1")]
    [InlineData("SbAdmin")]
    [InlineData("sb admin")]
    [InlineData("ROLE_")]
    public void Text_that_names_no_role_is_refused(string? text) => Assert.False(Roles.TryParse(text, out _));

    [Theory]
    [InlineData(ReadWebhooks, "sb_admin, sb_operator, owner, admin, member, read_only")]
    [InlineData(RepairWebhooks, "sb_admin, sb_operator, owner, admin")]
    [InlineData(EnterWebhookEvents, "sb_admin, owner, admin")]
    [InlineData(ReadWebhookEndpoints, "sb_admin, sb_operator, owner, admin")]
    [InlineData(ManageWebhookEndpoints, "sb_admin, owner, admin")]
    [InlineData(ReadDashboard, "sb_admin, sb_operator, owner, admin, member, read_only")]
    [InlineData(ReadCampaigns,
        "sb_admin, sb_operator, owner, admin, member, agency_admin, agency_staff, client_admin, client_staff, client_user, read_only")]
    [InlineData(ManageAssignments, "sb_admin, sb_operator, owner, admin")]
    [InlineData(ReadOrganizations,
        "sb_admin, sb_operator, owner, admin, member, agency_admin, agency_staff, client_admin, client_staff, client_user, read_only, agent, agent_supervisor")]
    [InlineData(UpdateOrganizations, "sb_admin, owner, admin")]
    [InlineData(ManageOrganizations, "sb_admin")]
    [InlineData(ReadTenants, "sb_admin, sb_operator, owner, admin")]
    [InlineData(ReadAgencies, "sb_admin, sb_operator, owner, admin, member, agency_admin, agency_staff, read_only")]
    [InlineData(UpdateAgencies, "sb_admin, owner, admin, agency_admin")]
    [InlineData(ManageAgencies, "sb_admin, owner, admin")]
    [InlineData(ReadClients,
        "sb_admin, sb_operator, owner, admin, member, agency_admin, agency_staff, client_admin, client_staff, client_user, read_only")]
    [InlineData(ManageClients, "sb_admin, owner, admin, agency_admin")]
    [InlineData(ReadUsers,
        "sb_admin, sb_operator, owner, admin, member, agency_admin, agency_staff, client_admin, client_staff, client_user, read_only")]
    [InlineData(ManageUsers, "sb_admin, owner, admin, agency_admin, client_admin")]
    [InlineData(ManageCampaigns, "sb_admin, owner, admin, agency_admin")]
    [InlineData(ReadLeads,
        "sb_admin, sb_operator, owner, admin, member, agency_admin, agency_staff, client_admin, client_staff, client_user, read_only")]
    [InlineData(CreateLeads, "sb_admin, owner, admin, agency_admin, agency_staff, client_admin, client_staff")]
    [InlineData(WorkLeads, "sb_admin, owner, admin, member, agency_admin, agency_staff, client_admin, client_staff")]
    [InlineData(ReadContacts,
        "sb_admin, sb_operator, owner, admin, member, agency_admin, agency_staff, client_admin, client_staff, client_user, read_only")]
    [InlineData(CreateContacts, "sb_admin, owner, admin, agency_admin, agency_staff, client_admin, client_staff")]
    [InlineData(WorkContacts, "sb_admin, owner, admin, agency_admin, client_admin, client_staff")]
    [InlineData(MergeContacts, "sb_admin, owner, admin")]
    [InlineData(EraseContacts, "sb_admin, owner, admin")]
    [InlineData(ReadDataSources, "sb_admin, sb_operator, owner, admin, member, agency_admin, agency_staff")]
    [InlineData(ManageDataSources, "sb_admin, owner, admin, agency_admin")]
    [InlineData(RunImportJobs, "sb_admin, owner, admin, member, agency_admin, agency_staff")]
    [InlineData(ReadConversations, "sb_admin, sb_operator, owner, admin, agent, agent_supervisor")]
    [InlineData(WorkConversations, "sb_admin, owner, admin, agent, agent_supervisor")]
    [InlineData(AssignConversations, "sb_admin, owner, admin, agent_supervisor")]
    [InlineData(ReadWhatsapp, "sb_admin, sb_operator, owner, admin, agent, agent_supervisor")]
    [InlineData(ManageWhatsapp, "sb_admin, owner, admin")]
    [InlineData(ReadAuditLog, "sb_admin, sb_operator, owner, admin")]
    [InlineData(ManageOnboardingLinks, "sb_admin, sb_operator, owner, admin")]
    [InlineData(ReadPlatformHealth, "sb_admin, sb_operator")]
    public void Capability_is_held_by_exactly_these_roles(Capability capability, string roles) =>
        Assert.Equal(roles, string.Join(", ", Roles.All.Where(role => role.Can(capability)).Select(role => role.Name())));

    [Fact]
    public void Roles_of_every_capability_are_tested()
    {
        var theory = typeof(RolesTests).GetMethod(nameof(Capability_is_held_by_exactly_these_roles))!;
        var tested = theory.GetCustomAttributes(false).OfType<InlineDataAttribute>().Select(row => (Capability)row.Data[0]!);

        Assert.Equal(Enum.GetValues<Capability>(), tested.Order());
    }

    [Fact]
    public void Capabilities_are_listed_in_order_by_snake_case_name()
    {
        Assert.Equal(
            ["read_campaigns", "read_organizations", "read_clients", "read_users", "read_leads", "read_contacts"],
            Role.ClientUser.Capabilities().Select(c => c.ToWireName()));
        Assert.All(Roles.All, role => Assert.Equal(role.Capabilities().Distinct().Order(), role.Capabilities()));
    }

    [Fact]
    public void Undefined_role_has_no_capabilities() =>
        Assert.All(Enum.GetValues<Capability>(), capability => Assert.False(default(Role).Can(capability)));
}
