using System.Collections.Frozen;
using static SalesBrain.Core.Access.Capability;

namespace SalesBrain.Core.Access;

/// <summary>The one table of roles: names, level and capabilities.</summary>
public static class Roles
{
    private static readonly FrozenDictionary<Role, Entry> Table = new Entry[]
    {
        new(Role.SbAdmin, "sb_admin", RoleLevel.Platform, "ROLE_SYSTEM_ADMIN", ["super_admin", "system_admin"],
            Enum.GetValues<Capability>()),
        new(Role.SbOperator, "sb_operator", RoleLevel.Platform, "ROLE_SYSTEM_OPERATOR", [],
            [
                ReadWebhooks, RepairWebhooks, ReadWebhookEndpoints, ReadDashboard, ReadCampaigns, ReadOrganizations, ReadTenants,
                ReadAgencies, ReadClients, ReadUsers, ReadLeads, ReadContacts, ReadDataSources, ReadConversations, ReadWhatsapp,
                ReadAuditLog, ManageAssignments, ManageOnboardingLinks, ReadPlatformHealth,
            ]),
        new(Role.Owner, "owner", RoleLevel.Organization, "ROLE_OWNER", [],
            [
                ReadWebhooks, RepairWebhooks, EnterWebhookEvents, ReadWebhookEndpoints, ManageWebhookEndpoints, ReadDashboard,
                ReadCampaigns, ManageCampaigns, ReadOrganizations, UpdateOrganizations, ReadTenants, ReadAgencies, UpdateAgencies,
                ManageAgencies, ReadClients, ManageClients, ReadUsers, ManageUsers, ReadLeads, CreateLeads, WorkLeads, ReadContacts,
                CreateContacts, WorkContacts, MergeContacts, EraseContacts, ReadDataSources, ManageDataSources, RunImportJobs,
                ReadConversations, WorkConversations, AssignConversations, ReadWhatsapp, ManageWhatsapp, ReadAuditLog, ManageAssignments,
                ManageOnboardingLinks,
            ]),
        new(Role.Admin, "admin", RoleLevel.Organization, "ROLE_ADMIN", [],
            [
                ReadWebhooks, RepairWebhooks, EnterWebhookEvents, ReadWebhookEndpoints, ManageWebhookEndpoints, ReadDashboard,
                ReadCampaigns, ManageCampaigns, ReadOrganizations, UpdateOrganizations, ReadTenants, ReadAgencies, UpdateAgencies,
                ManageAgencies, ReadClients, ManageClients, ReadUsers, ManageUsers, ReadLeads, CreateLeads, WorkLeads, ReadContacts,
                CreateContacts, WorkContacts, MergeContacts, EraseContacts, ReadDataSources, ManageDataSources, RunImportJobs,
                ReadConversations, WorkConversations, AssignConversations, ReadWhatsapp, ManageWhatsapp, ReadAuditLog, ManageAssignments,
                ManageOnboardingLinks,
            ]),
        new(Role.Member, "member", RoleLevel.Organization, "ROLE_MEMBER", [],
            [
                ReadWebhooks, ReadDashboard, ReadCampaigns, ReadOrganizations, ReadAgencies, ReadClients, ReadUsers, ReadLeads, WorkLeads,
                ReadContacts, ReadDataSources, RunImportJobs,
            ]),
        new(Role.AgencyAdmin, "agency_admin", RoleLevel.Agency, "ROLE_AGENCY_ADMIN", ["sales_manager"],
            [
                ReadCampaigns, ManageCampaigns, ReadOrganizations, ReadAgencies, UpdateAgencies, ReadClients, ManageClients, ReadUsers,
                ManageUsers, ReadLeads, CreateLeads, WorkLeads, ReadContacts, CreateContacts, WorkContacts, ReadDataSources,
                ManageDataSources, RunImportJobs,
            ]),
        new(Role.AgencyStaff, "agency_staff", RoleLevel.Agency, "ROLE_AGENCY_STAFF", ["researcher", "sales_rep"],
            [
                ReadCampaigns, ReadOrganizations, ReadAgencies, ReadClients, ReadUsers, ReadLeads, CreateLeads, WorkLeads, ReadContacts,
                CreateContacts, ReadDataSources, RunImportJobs,
            ]),
        new(Role.ClientAdmin, "client_admin", RoleLevel.Client, "ROLE_CLIENT_ADMIN", [],
            [ReadCampaigns, ReadOrganizations, ReadClients, ReadUsers, ManageUsers, ReadLeads, CreateLeads, WorkLeads, ReadContacts, CreateContacts, WorkContacts]),
        new(Role.ClientStaff, "client_staff", RoleLevel.Client, "ROLE_CLIENT_STAFF", [],
            [ReadCampaigns, ReadOrganizations, ReadClients, ReadUsers, ReadLeads, CreateLeads, WorkLeads, ReadContacts, CreateContacts, WorkContacts]),
        new(Role.ClientUser, "client_user", RoleLevel.Client, "ROLE_CLIENT_USER", ["client"],
            [ReadCampaigns, ReadOrganizations, ReadClients, ReadUsers, ReadLeads, ReadContacts]),
        new(Role.ReadOnly, "read_only", RoleLevel.Organization, "ROLE_READ_ONLY", ["viewer"],
            [ReadWebhooks, ReadDashboard, ReadCampaigns, ReadOrganizations, ReadAgencies, ReadClients, ReadUsers, ReadLeads, ReadContacts]),
        new(
            Role.Agent, "agent", RoleLevel.Organization, "ROLE_AGENT", [],
            [ReadOrganizations, ReadConversations, WorkConversations, ReadWhatsapp]),
        new(Role.AgentSupervisor, "agent_supervisor", RoleLevel.Organization, "ROLE_AGENT_SUPERVISOR", [],
            [ReadOrganizations, ReadConversations, WorkConversations, AssignConversations, ReadWhatsapp]),
    }.ToFrozenDictionary(entry => entry.Role);

    private static readonly FrozenDictionary<string, Role> ByName = Table.Values
        .SelectMany(entry => entry.Aliases.Append(entry.Authority).Append(entry.Name), (entry, name) => (name, entry.Role))
        .ToFrozenDictionary(pair => pair.name, pair => pair.Role, StringComparer.OrdinalIgnoreCase);

    /// <summary>Every role, in the order of the table.</summary>
    public static IReadOnlyList<Role> All { get; } = Enum.GetValues<Role>();

    /// <summary>
    /// Every name that <see cref="TryParse"/> accepts: the canonical names first, then the <c>ROLE_…</c> names and the aliases.
    /// </summary>
    public static IReadOnlyList<string> AcceptedNames { get; } =
    [
        .. All.Select(role => Table[role].Name), .. All.Select(role => Table[role].Authority),
        .. All.SelectMany(role => Table[role].Aliases),
    ];

    /// <summary>Reads a canonical name, a <c>ROLE_…</c> name or an alias; blanks around it and letter case make no difference.</summary>
    public static bool TryParse(string? text, out Role role) => ByName.TryGetValue(text?.Trim() ?? "", out role);

    /// <summary>The canonical name, as stored and returned: <c>agency_admin</c>.</summary>
    public static string Name(this Role role) => Table[role].Name;

    /// <summary>The name in the <c>roles</c> of the signed-in user's own record: <c>ROLE_AGENCY_ADMIN</c>.</summary>
    public static string Authority(this Role role) => Table[role].Authority;

    /// <summary>How much of the product the role spans.</summary>
    public static RoleLevel Level(this Role role) => Table[role].Level;

    /// <summary>Whether the role belongs to no organization and reaches all of them.</summary>
    public static bool IsPlatform(this Role role) => role.Level() == RoleLevel.Platform;

    /// <summary>
    /// Whether the role belongs to the agent portal: unlike the other roles of the organization's level it does not read everything
    /// in the organization.
    /// </summary>
    public static bool IsAgent(this Role role) => role is Role.Agent or Role.AgentSupervisor;

    /// <summary>Whether the role has the capability. Undefined roles have none.</summary>
    public static bool Can(this Role role, Capability capability) =>
        Table.TryGetValue(role, out var entry) && entry.Capabilities.Contains(capability);

    /// <summary>The roles that have a capability, in the order of the table.</summary>
    public static IEnumerable<Role> With(Capability capability) => All.Where(role => role.Can(capability));

    /// <summary>Everything the role may do, in the order of <see cref="Capability"/>.</summary>
    public static IReadOnlyList<Capability> Capabilities(this Role role) => Table[role].Capabilities;

    private sealed record Entry(
        Role Role, string Name, RoleLevel Level, string Authority, string[] Aliases, Capability[] Capabilities);
}
