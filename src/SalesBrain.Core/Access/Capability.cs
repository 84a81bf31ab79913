namespace SalesBrain.Core.Access;

/// <summary>
/// A permission that an endpoint requires. <see cref="Roles"/> defines which roles have it. The role's scope limits the rows it applies to.
/// </summary>
public enum Capability
{
    /// <summary>See webhook logs, payloads, statistics, rejections and the event catalogue; export them.</summary>
    ReadWebhooks,

    /// <summary>Retry, re-admit and clean up webhooks that were received.</summary>
    RepairWebhooks,

    /// <summary>Enter an event by hand, or send a test event: both have effects as if a sender had delivered them.</summary>
    EnterWebhookEvents,

    /// <summary>See webhook endpoints, without their secrets.</summary>
    ReadWebhookEndpoints,

    /// <summary>Create, change, rotate and delete webhook endpoints.</summary>
    ManageWebhookEndpoints,

    /// <summary>See the counts and the recent activity of the admin dashboard.</summary>
    ReadDashboard,

    /// <summary>See campaigns.</summary>
    ReadCampaigns,

    /// <summary>Create, change and delete campaigns.</summary>
    ManageCampaigns,

    /// <summary>See organizations: their own, or all.</summary>
    ReadOrganizations,

    /// <summary>Change an organization's name, time zone and settings.</summary>
    UpdateOrganizations,

    /// <summary>Create, suspend and delete organizations.</summary>
    ManageOrganizations,

    /// <summary>See how outside systems know an organization: its tenant key and its Genesys organization.</summary>
    ReadTenants,

    /// <summary>See agencies.</summary>
    ReadAgencies,

    /// <summary>Change agencies.</summary>
    UpdateAgencies,

    /// <summary>Create and delete agencies.</summary>
    ManageAgencies,

    /// <summary>See clients.</summary>
    ReadClients,

    /// <summary>Create, change and delete clients.</summary>
    ManageClients,

    /// <summary>See users.</summary>
    ReadUsers,

    /// <summary>Invite, create, change and disable users, as far as <see cref="RoleRules.MayGrant"/> lets them.</summary>
    ManageUsers,

    /// <summary>See leads.</summary>
    ReadLeads,

    /// <summary>Create leads.</summary>
    CreateLeads,

    /// <summary>
    /// Change, qualify, assign and delete leads. Members and agency staff only those that are assigned to them or created by them.
    /// </summary>
    WorkLeads,

    /// <summary>See contacts.</summary>
    ReadContacts,

    /// <summary>Create contacts.</summary>
    CreateContacts,

    /// <summary>Change contacts.</summary>
    WorkContacts,

    /// <summary>Find duplicate contacts and merge them.</summary>
    MergeContacts,

    /// <summary>Erase what is kept about a person, and export it.</summary>
    EraseContacts,

    /// <summary>See data sources, without their credentials, and import jobs with their logs.</summary>
    ReadDataSources,

    /// <summary>Create, change, test and delete data sources; retry and undo import jobs.</summary>
    ManageDataSources,

    /// <summary>Create, start, pause, resume and cancel import jobs. Members and agency staff only jobs that they created.</summary>
    RunImportJobs,

    /// <summary>See conversations with their messages. Agents only those that they have, and those that nobody has.</summary>
    ReadConversations,

    /// <summary>
    /// Answer, claim, release, close and reopen conversations, and mark them as read. Agents only those that they can see.
    /// </summary>
    WorkConversations,

    /// <summary>Give conversations to agents and supervisors.</summary>
    AssignConversations,

    /// <summary>See whether the organization can write over WhatsApp, over which number, and with which templates.</summary>
    ReadWhatsapp,

    /// <summary>Connect, check and disconnect the organization's WhatsApp account.</summary>
    ManageWhatsapp,

    /// <summary>See who changed what.</summary>
    ReadAuditLog,

    /// <summary>See who has which campaigns and contacts, give and take them, and set the rules of automatic assignment.</summary>
    ManageAssignments,

    /// <summary>Create, see, revoke and extend onboarding links.</summary>
    ManageOnboardingLinks,

    /// <summary>See how the platform itself is doing: timers, queues, partitions, the database.</summary>
    ReadPlatformHealth,
}
