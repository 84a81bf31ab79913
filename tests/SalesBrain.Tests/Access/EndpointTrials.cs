using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Rejections;

namespace SalesBrain.Tests.Access;

/// <summary>
/// How each endpoint is called about a thing in a place. The things are made here; an endpoint that concerns no thing ignores the place.
/// </summary>
internal static class EndpointTrials
{
    private const string Webhooks = "/api/admin/webhooks";
    private const string Users = "/api/admin/users";
    private const string Onboarding = OnboardingWorld.Root;

    internal static IReadOnlyDictionary<string, Func<TestApp, Place, Task<Trial>>> All { get; } = new Dictionary<string, Func<TestApp, Place, Task<Trial>>>(StringComparer.Ordinal)
    {
        // Everybody may change their own, but not to one so short.
        ["ChangePassword"] = (_, _) =>
            Task.FromResult(new Trial(HttpMethod.Put, "/api/v1/auth/password", new { current_password = "x", new_password = "x" })),
        ["GetMe"] = (_, _) => Task.FromResult(Trial.Get("/api/v1/auth/me")),

        ["FilterCampaigns"] = async (app, place) =>
        {
            var name = $"Campaign {Guid.NewGuid()}";
            var id = await app.CreateCampaignAsync(place.OrganizationId, name, agencyId: place.AgencyId, clientId: place.ClientId);
            return Trial.List($"/api/admin/campaigns/filter?search={Uri.EscapeDataString(name)}", id);
        },

        ["GetDashboardStats"] = (_, _) => Task.FromResult(Trial.Get("/api/admin/dashboard/stats")),
        ["GetRecentActivity"] = async (app, place) =>
            Trial.List(
                $"/api/admin/dashboard/recent-activity?organization_id={place.OrganizationId}",
                await app.CreateWebhookLogAsync(place.OrganizationId)),

        ["ListEventTypes"] = (_, _) => Task.FromResult(Trial.Get($"{Webhooks}/event-types")),
        ["ListEventSources"] = (_, _) => Task.FromResult(Trial.Get($"{Webhooks}/sources")),

        ["ListWebhookEndpoints"] = async (app, place) =>
            Trial.List($"{Webhooks}/endpoints?organization_id={place.OrganizationId}", await EndpointAsync(app, place)),
        ["CreateWebhookEndpoint"] = (_, place) => Task.FromResult(new Trial(HttpMethod.Post, $"{Webhooks}/endpoints", new
        {
            organization_id = place.OrganizationId,
            source = "custom",
            name = "Made by a role",
        })),
        ["GetWebhookEndpoint"] = async (app, place) => Trial.Get($"{Webhooks}/endpoints", await EndpointAsync(app, place)),
        ["UpdateWebhookEndpoint"] = async (app, place) =>
            Trial.About(HttpMethod.Put, $"{Webhooks}/endpoints", await EndpointAsync(app, place), body: new { name = "Renamed" }),
        ["DeleteWebhookEndpoint"] = async (app, place) =>
            Trial.About(HttpMethod.Delete, $"{Webhooks}/endpoints", await EndpointAsync(app, place)),
        ["RotateWebhookEndpoint"] = async (app, place) =>
            Trial.About(HttpMethod.Post, $"{Webhooks}/endpoints", await EndpointAsync(app, place), "/rotate", new { what = "token" }),
        ["TestWebhookEndpoint"] = async (app, place) =>
            Trial.About(HttpMethod.Post, $"{Webhooks}/endpoints", await EndpointAsync(app, place), "/test", new { }),

        ["ListWebhookLogs"] = async (app, place) =>
            Trial.List($"{Webhooks}/logs?organization_id={place.OrganizationId}", await app.CreateWebhookLogAsync(place.OrganizationId)),
        ["GetWebhookLog"] = async (app, place) => Trial.Get($"{Webhooks}/logs", await app.CreateWebhookLogAsync(place.OrganizationId)),
        ["ExportWebhookLogs"] = async (app, place) =>
            Trial.List(
                $"{Webhooks}/logs/export?organization_id={place.OrganizationId}", await app.CreateWebhookLogAsync(place.OrganizationId)),
        ["RetryWebhookLog"] = async (app, place) =>
            Trial.About(HttpMethod.Post, $"{Webhooks}/logs", await FailedLogAsync(app, place), "/retry"),
        ["BulkRetryWebhookLogs"] = async (app, place) =>
            new Trial(HttpMethod.Post, $"{Webhooks}/logs/bulk-retry", new { log_ids = new[] { await FailedLogAsync(app, place) } })
            {
                Reaches = answer => answer.Contains("\"success_count\":1", StringComparison.Ordinal),
            },
        ["CleanUpWebhookLogs"] = (_, _) => Task.FromResult(new Trial(HttpMethod.Delete, $"{Webhooks}/logs/cleanup?dry_run=true")),
        ["EnterWebhookLog"] = (_, place) => Task.FromResult(new Trial(HttpMethod.Post, $"{Webhooks}/logs", new
        {
            organization_id = place.OrganizationId,
            event_type = "email.opened",
            email = "somebody@example.org",
        })),
        ["GetWebhookStats"] = (_, _) => Task.FromResult(Trial.Get($"{Webhooks}/stats")),

        ["ListWebhookRejections"] = async (app, place) =>
            Trial.List($"{Webhooks}/rejections?organization_id={place.OrganizationId}", await RejectionAsync(app, place)),
        ["GetWebhookRejection"] = async (app, place) => Trial.Get($"{Webhooks}/rejections", await RejectionAsync(app, place)),
        ["ReadmitWebhookRejection"] = async (app, place) =>
            Trial.About(HttpMethod.Post, $"{Webhooks}/rejections", await RejectionAsync(app, place), "/readmit"),

        ["ListAssignees"] = async (app, place) =>
            Trial.List($"{Users}?organization_id={place.OrganizationId}&search=member&limit=500", await UserAsync(app, place)),
        // Somebody else's: everybody reads their own.
        ["ListUserAssignments"] = async (app, place) => Trial.About(HttpMethod.Get, Users, await UserAsync(app, place), "/assignments"),
        ["ListContactAssignments"] = async (app, place) =>
            Trial.About(HttpMethod.Get, "/api/admin/contacts", await ContactAsync(app, place), "/assignments"),
        ["AssignCampaigns"] = async (app, place) => Trial.About(
            HttpMethod.Post, Users, await UserAsync(app, place), "/assign-campaigns",
            new { campaign_ids = new[] { await app.CreateCampaignAsync(place.OrganizationId) } }),
        ["AssignContacts"] = async (app, place) => Trial.About(
            HttpMethod.Post, Users, await UserAsync(app, place), "/assign-contacts",
            new { contact_ids = new[] { await ContactAsync(app, place) } }),
        ["EndCampaignAssignment"] = async (app, place) =>
        {
            var campaignId = await app.CreateCampaignAsync(place.OrganizationId);
            return Trial.About(
                HttpMethod.Delete, $"{Users}/{await app.AssignAsync(place.OrganizationId, "campaign", campaignId)}/campaigns", campaignId);
        },
        ["EndContactAssignment"] = async (app, place) =>
        {
            var contactId = await ContactAsync(app, place);
            return Trial.About(
                HttpMethod.Delete, $"{Users}/{await app.AssignAsync(place.OrganizationId, "contact", contactId)}/contacts", contactId);
        },
        ["AutoAssignContacts"] = async (app, place) =>
        {
            await UserAsync(app, place);
            return new Trial(HttpMethod.Post, AssignmentWorld.AutoAssign, new { organization_id = place.OrganizationId, contact_ids = new[] { await ContactAsync(app, place) } })
            {
                Reaches = answer => answer.Contains("\"success_count\":1", StringComparison.Ordinal),
            };
        },
        ["GetAssignmentRules"] = (_, place) =>
            Task.FromResult(Trial.Get($"{AssignmentWorld.Rules}?organization_id={place.OrganizationId}")),
        ["ReplaceAssignmentRules"] = (_, place) => Task.FromResult(new Trial(HttpMethod.Put, AssignmentWorld.Rules, new
        {
            organization_id = place.OrganizationId,
            assign_new_contacts = false,
        })),

        ["ListOrganizations"] = (_, place) => Task.FromResult(Trial.List($"{CrmWorld.Organizations}?page_size=200", place.OrganizationId)),
        ["CreateOrganization"] = (_, _) =>
            Task.FromResult(new Trial(HttpMethod.Post, CrmWorld.Organizations, new { name = $"Made {Guid.NewGuid()}" })),
        ["GetOrganization"] = (_, place) => Task.FromResult(Trial.Get(CrmWorld.Organizations, place.OrganizationId)),
        ["UpdateOrganization"] = (_, place) =>
            Task.FromResult(
                Trial.About(HttpMethod.Put, CrmWorld.Organizations, place.OrganizationId, body: new { timezone = "Europe/Vienna" })),
        // Only one in which nothing is goes, so it is nobody's place.
        ["DeleteOrganization"] = async (app, _) =>
            Trial.About(HttpMethod.Delete, CrmWorld.Organizations, await app.CreateOrganizationAsync()),

        ["GetAgentProfile"] = (_, _) => Task.FromResult(Trial.Get(AgentWorld.Profile)),
        ["GetTenant"] = async (app, place) => Trial.Get(TenantWorld.Tenants, await app.TenantOfAsync(place.OrganizationId)),
        ["UpdateTenantGenesys"] = async (app, place) => Trial.About(
            HttpMethod.Put, TenantWorld.Tenants, await app.TenantOfAsync(place.OrganizationId), "/genesys",
            new { genesys_org_id = Guid.NewGuid().ToString(), genesys_region = "eu-central-1" }),
        ["ImportTenantMapping"] = async (app, _) => new Trial(HttpMethod.Post, $"{TenantWorld.Tenants}/import-mapping", new
        {
            csv = $"tenant_key,genesys_org_id\n{await app.TenantKeyOfAsync(await app.CreateOrganizationAsync())},{Guid.NewGuid()}\n",
        }),

        ["GetWhatsappStatus"] = (app, place) => WhatsappAsync(app, place, HttpMethod.Get, WhatsappWorld.Status),
        // There is nothing left to do.
        ["SignUpWhatsapp"] = (app, place) => WhatsappAsync(app, place, HttpMethod.Post, WhatsappWorld.SignUp),
        ["GetWhatsappAccount"] = (app, place) => WhatsappAsync(app, place, HttpMethod.Get, WhatsappWorld.Account),
        ["DisconnectWhatsappAccount"] = async (app, place) =>
        {
            await app.EnsureWhatsappAccountAsync(place.OrganizationId, reconnect: false);
            return new Trial(HttpMethod.Delete, $"{WhatsappWorld.Account}?organization_id={place.OrganizationId}");
        },
        ["CheckWhatsappAccount"] = (app, place) => WhatsappAsync(app, place, HttpMethod.Post, WhatsappWorld.Check),
        ["ListWhatsappTemplates"] = (app, place) => WhatsappAsync(app, place, HttpMethod.Get, WhatsappWorld.Templates),

        ["ListAgencies"] = (_, place) =>
            Task.FromResult(Trial.List($"{CrmWorld.Agencies}?organization_id={place.OrganizationId}&page_size=200", place.AgencyId)),
        ["CreateAgency"] = (_, place) =>
            Task.FromResult(
                new Trial(HttpMethod.Post, CrmWorld.Agencies, new { name = "Made by a role", organization_id = place.OrganizationId })),
        ["GetAgency"] = (_, place) => Task.FromResult(Trial.Get(CrmWorld.Agencies, place.AgencyId)),
        ["UpdateAgency"] = (_, place) =>
            Task.FromResult(Trial.About(HttpMethod.Put, CrmWorld.Agencies, place.AgencyId, body: new { city = $"{Guid.NewGuid()}" })),
        ["DeleteAgency"] = async (app, place) =>
            Trial.About(HttpMethod.Delete, CrmWorld.Agencies, await app.CreateAgencyAsync(place.OrganizationId)),

        ["ListClients"] = (_, place) =>
            Task.FromResult(Trial.List($"{CrmWorld.Clients}?agency_id={place.AgencyId}&sort_order=asc", place.ClientId)),
        ["CreateClient"] = (_, place) =>
            Task.FromResult(new Trial(HttpMethod.Post, CrmWorld.Clients, new { name = "Made by a role", agency_id = place.AgencyId })),
        ["GetClient"] = (_, place) => Task.FromResult(Trial.Get(CrmWorld.Clients, place.ClientId)),
        ["UpdateClient"] = async (app, place) =>
            Trial.About(
                HttpMethod.Put, CrmWorld.Clients, await app.CreateClientAsync(place.OrganizationId, place.AgencyId),
                body: new { name = "Renamed" }),
        ["DeleteClient"] = async (app, place) =>
            Trial.About(HttpMethod.Delete, CrmWorld.Clients, await app.CreateClientAsync(place.OrganizationId, place.AgencyId)),

        ["ListUsers"] = async (app, place) => Trial.List($"{CrmWorld.Users}?agency_id={place.AgencyId}", await StaffAsync(app, place)),
        ["CreateUser"] = (_, place) => Task.FromResult(new Trial(HttpMethod.Post, CrmWorld.Users, new
        {
            email = $"{Guid.NewGuid()}@test.example",
            role = "agency_staff",
            organization_id = place.OrganizationId,
            agency_id = place.AgencyId,
        })),
        ["GetUser"] = async (app, place) => Trial.Get(CrmWorld.Users, await StaffAsync(app, place)),
        ["UpdateUser"] = async (app, place) =>
            Trial.About(HttpMethod.Put, CrmWorld.Users, await StaffAsync(app, place), body: new { last_name = "Renamed" }),
        ["DeleteUser"] = async (app, place) => Trial.About(HttpMethod.Delete, CrmWorld.Users, await StaffAsync(app, place)),
        ["SendUserInvitation"] = async (app, place) =>
            Trial.About(HttpMethod.Post, CrmWorld.Users, await StaffAsync(app, place), "/invitation"),

        ["ListCampaigns"] = async (app, place) =>
            Trial.List(
                $"{CrmWorld.Campaigns}?client_id={place.ClientId}&organization_id={place.OrganizationId}", await CampaignAsync(app, place)),
        ["GetCampaign"] = async (app, place) => Trial.Get(CrmWorld.Campaigns, await CampaignAsync(app, place)),
        ["GetCampaignAnalytics"] = async (app, place) =>
            Trial.About(HttpMethod.Get, CrmWorld.Campaigns, await CampaignAsync(app, place), "/analytics"),
        ["GetAnalyticsOverview"] = (_, place) =>
            Task.FromResult(Trial.Get($"/api/v1/analytics/overview?organization_id={place.OrganizationId}")),
        ["GetCampaignReport"] = async (app, place) => Trial.Get("/api/v1/analytics/campaigns", await CampaignAsync(app, place)),
        ["GetLeadAnalytics"] = (_, place) => Task.FromResult(Trial.Get($"/api/v1/analytics/leads?organization_id={place.OrganizationId}")),
        ["GetTeamAnalytics"] = (_, place) => Task.FromResult(Trial.Get($"/api/v1/analytics/team?organization_id={place.OrganizationId}")),
        ["CreateCampaign"] = (_, place) => Task.FromResult(new Trial(HttpMethod.Post, CrmWorld.Campaigns, NewCampaign(place))),
        ["CreateCampaignAlias"] = (_, place) =>
            Task.FromResult(new Trial(HttpMethod.Post, $"{CrmWorld.Campaigns}/create", NewCampaign(place))),
        ["UpdateCampaign"] = async (app, place) =>
            Trial.About(HttpMethod.Put, CrmWorld.Campaigns, await CampaignAsync(app, place), body: new { name = "Renamed" }),
        ["DeleteCampaign"] = async (app, place) =>
        {
            var id = await CampaignAsync(app, place);
            await app.ExecuteAsync("update app.campaign set status = 'paused' where id = @id", new { id });
            return Trial.About(HttpMethod.Delete, CrmWorld.Campaigns, id);
        },

        ["ListLeads"] = async (app, place) =>
            Trial.List($"/api/v1/leads?client_id={place.ClientId}&organization_id={place.OrganizationId}", await LeadAsync(app, place)),
        ["GetLead"] = async (app, place) => Trial.Get("/api/v1/leads", await LeadAsync(app, place)),

        ["ListNotifications"] = (_, _) => Task.FromResult(Trial.Get(NotificationWorld.Notifications)),
        ["CountUnreadNotifications"] = (_, _) => Task.FromResult(Trial.Get($"{NotificationWorld.Notifications}/unread-count")),
        // Somebody else's: everybody reads their own.
        ["ReadNotification"] = async (app, place) => Trial.About(
            HttpMethod.Post, NotificationWorld.Notifications,
            await app.CreateNotificationAsync(await app.CreateUserAsync("member", place.OrganizationId)), "/read"),
        ["CreateStreamTicket"] = (_, _) =>
            Task.FromResult(new Trial(HttpMethod.Post, "/api/v1/events/ticket", new { channels = new[] { "lead_change" } })),
        ["ReadAllNotifications"] = (_, _) => Task.FromResult(new Trial(HttpMethod.Post, $"{NotificationWorld.Notifications}/read-all")),
        ["GetLeadScore"] = async (app, place) => Trial.About(HttpMethod.Get, "/api/v1/leads", await LeadAsync(app, place), "/score"),
        ["ExportLeads"] = async (app, place) =>
            Trial.List(
                $"/api/v1/leads/export?client_id={place.ClientId}&organization_id={place.OrganizationId}", await LeadAsync(app, place)),
        ["CreateLead"] = (_, place) => Task.FromResult(CreateLead("/api/v1/leads", place)),
        ["CreateLeadAlias"] = (_, place) => Task.FromResult(CreateLead("/api/v1/leads/create", place)),
        // A lead of somebody else: members and agency staff change only their own.
        ["UpdateLead"] = async (app, place) =>
            Trial.About(HttpMethod.Put, "/api/v1/leads", await LeadAsync(app, place), body: new { priority = "high" }),
        ["DeleteLead"] = async (app, place) => Trial.About(HttpMethod.Delete, "/api/v1/leads", await LeadAsync(app, place)),
        ["QualifyLead"] = async (app, place) =>
            Trial.About(HttpMethod.Post, "/api/v1/leads", await LeadAsync(app, place), "/qualify", new { score = 4 }),
        // To somebody of the agency, whom people of a client do not see.
        ["AssignLead"] = async (app, place) => Trial.About(
            HttpMethod.Post, "/api/v1/leads", await LeadAsync(app, place), "/assign", new { user_id = await ActiveStaffAsync(app, place) }),
        ["BulkUpdateLeads"] = async (app, place) => Bulk(
            HttpMethod.Post, "bulk-update", new { lead_ids = new[] { await LeadAsync(app, place) }, changes = new { priority = "high" } }),
        ["BulkAssignLeads"] = async (app, place) => Bulk(
            HttpMethod.Post, "bulk-assign",
            new { lead_ids = new[] { await LeadAsync(app, place) }, user_id = await ActiveStaffAsync(app, place) }),
        ["BulkDeleteLeads"] = async (app, place) =>
            Bulk(HttpMethod.Delete, "bulk", new { lead_ids = new[] { await LeadAsync(app, place) } }),

        ["ListDataSources"] = async (app, place) =>
            Trial.List(
                $"{ImportWorld.Sources}?organization_id={place.OrganizationId}&page_size=200&sort_by=created_at&sort_order=desc",
                await SourceAsync(app, place)),
        ["GetDataSource"] = async (app, place) => Trial.Get(ImportWorld.Sources, await SourceAsync(app, place)),
        ["CreateDataSource"] = (_, place) => Task.FromResult(new Trial(HttpMethod.Post, ImportWorld.Sources, NewSource(place))),
        ["CreateDataSourceAlias"] = (_, place) =>
            Task.FromResult(new Trial(HttpMethod.Post, $"{ImportWorld.Sources}/create", NewSource(place))),
        ["UpdateDataSource"] = async (app, place) =>
            Trial.About(HttpMethod.Put, ImportWorld.Sources, await SourceAsync(app, place), body: new { requests_per_minute = 60 }),
        ["DeleteDataSource"] = async (app, place) => Trial.About(HttpMethod.Delete, ImportWorld.Sources, await SourceAsync(app, place)),
        ["TestDataSource"] = async (app, place) =>
            Trial.About(HttpMethod.Post, ImportWorld.Sources, await SourceAsync(app, place), "/test"),
        ["UploadSourceFile"] = async (app, place) =>
            Trial.About(HttpMethod.Post, ImportWorld.Sources, await app.CreateSourceAsync(place.OrganizationId, place.AgencyId, type: "csv"), "/files") with { Raw = Trial.Upload() },
        ["ImportLeads"] = async (app, place) => new Trial(HttpMethod.Post, "/api/v1/leads/import")
        {
            Raw = Trial.Upload(("campaign_id", (await CampaignAsync(app, place)).ToString())),
        },
        ["ListSourceJobs"] = async (app, place) =>
        {
            var source = await SourceAsync(app, place);
            return Trial.About(HttpMethod.Get, ImportWorld.Sources, source, "/jobs") with
            {
                Shows = await app.CreateJobAsync(place.OrganizationId, source, agencyId: place.AgencyId),
            };
        },
        ["ListJobs"] = async (app, place) =>
            Trial.List($"{ImportWorld.Jobs}?organization_id={place.OrganizationId}&page_size=200", await JobAsync(app, place, "pending")),
        ["GetJob"] = async (app, place) => Trial.Get(ImportWorld.Jobs, await JobAsync(app, place, "pending")),
        ["ListJobLogs"] = async (app, place) =>
            Trial.About(HttpMethod.Get, ImportWorld.Jobs, await JobAsync(app, place, "completed"), "/logs"),
        ["CreateJob"] = async (app, place) => new Trial(HttpMethod.Post, ImportWorld.Jobs, await NewJobAsync(app, place)),
        ["CreateJobAlias"] = async (app, place) => new Trial(HttpMethod.Post, $"{ImportWorld.Jobs}/create", await NewJobAsync(app, place)),
        // Jobs of somebody else: members and agency staff control only their own.
        ["StartJob"] = async (app, place) =>
            Trial.About(HttpMethod.Post, ImportWorld.Jobs, await JobAsync(app, place, "pending"), "/start"),
        ["PauseJob"] = async (app, place) => Trial.About(HttpMethod.Post, ImportWorld.Jobs, await JobAsync(app, place, "paused"), "/pause"),
        ["ResumeJob"] = async (app, place) =>
            Trial.About(HttpMethod.Post, ImportWorld.Jobs, await JobAsync(app, place, "paused"), "/resume"),
        ["CancelJob"] = async (app, place) =>
            Trial.About(HttpMethod.Post, ImportWorld.Jobs, await JobAsync(app, place, "paused"), "/cancel"),
        ["RetryJob"] = async (app, place) => Trial.About(HttpMethod.Post, ImportWorld.Jobs, await JobAsync(app, place, "failed"), "/retry"),
        ["UndoJob"] = async (app, place) =>
            Trial.About(HttpMethod.Post, ImportWorld.Jobs, await JobAsync(app, place, "completed"), "/undo"),

        ["ListContacts"] = async (app, place) =>
            Trial.List($"{ContactWorld.Path}?organization_id={place.OrganizationId}&page_size=200", await PersonAsync(app, place)),
        ["GetContact"] = async (app, place) => Trial.Get(ContactWorld.Path, await PersonAsync(app, place)),
        ["CreateContact"] = (_, place) => Task.FromResult(new Trial(HttpMethod.Post, ContactWorld.Path, new
        {
            email = $"{Guid.NewGuid()}@prospect.example",
            organization_id = place.OrganizationId,
        })),
        ["UpdateContact"] = async (app, place) =>
            Trial.About(HttpMethod.Put, ContactWorld.Path, await PersonAsync(app, place), body: new { city = $"{Guid.NewGuid()}" }),

        ["MergeContacts"] = async (app, place) =>
            Trial.About(
                HttpMethod.Post, ContactWorld.Path, await PersonAsync(app, place), "/merge", new { into = await PersonAsync(app, place) }),
        ["ExportContact"] = async (app, place) => Trial.About(HttpMethod.Get, ContactWorld.Path, await PersonAsync(app, place), "/export"),
        ["EraseContact"] = async (app, place) => Trial.About(HttpMethod.Delete, ContactWorld.Path, await PersonAsync(app, place)),
        ["ListContactDuplicates"] = async (app, place) =>
        {
            var phone = Random.Shared.Next(1_000_000, 9_999_999).ToString();
            await app.CreatePersonAsync(place.OrganizationId, lastName: "Twin", phone: phone);
            return Trial.List(
                $"{ContactWorld.Path}/duplicates?organization_id={place.OrganizationId}&page_size=200",
                await app.CreatePersonAsync(place.OrganizationId, lastName: "Twin", phone: phone));
        },

        // Nobody has these conversations.
        ["ListConversations"] = async (app, place) =>
            Trial.List(
                $"{ConversationWorld.Path}?organization_id={place.OrganizationId}&page_size=200",
                await app.CreateConversationAsync(place.OrganizationId)),
        ["GetConversation"] = async (app, place) =>
            Trial.Get(ConversationWorld.Path, await app.CreateConversationAsync(place.OrganizationId)),
        ["ListMessages"] = async (app, place) =>
        {
            var conversation = await app.CreateConversationAsync(place.OrganizationId);
            return Trial.About(HttpMethod.Get, ConversationWorld.Path, conversation, "/messages") with
            {
                Shows = await app.CreateMessageAsync(conversation),
            };
        },
        ["ReadConversation"] = async (app, place) => Converse(await app.CreateConversationAsync(place.OrganizationId), "/read"),
        ["CloseConversation"] = async (app, place) => Converse(await app.CreateConversationAsync(place.OrganizationId), "/close"),
        ["ReopenConversation"] = async (app, place) =>
            Converse(await app.CreateConversationAsync(place.OrganizationId, status: "closed"), "/reopen"),
        ["ListConversationAssignees"] = async (app, place) => Trial.List(
            $"{ConversationWorld.Path}/assignees?organization_id={place.OrganizationId}",
            (await app.CreateUserAsync("agent", place.OrganizationId)).Id),
        ["AssignConversation"] = async (app, place) => Converse(
            await app.CreateConversationAsync(place.OrganizationId), "/assign",
            new { user_id = (await app.CreateUserAsync("agent", place.OrganizationId)).Id }),
        ["ClaimConversation"] = async (app, place) => Converse(await app.CreateConversationAsync(place.OrganizationId), "/claim"),
        // That of an agent, who is not the caller.
        ["ReleaseConversation"] = async (app, place) => Converse(
            await app.CreateConversationAsync(
                place.OrganizationId, assignedTo: (await app.CreateUserAsync("agent", place.OrganizationId)).Id),
            "/release"),

        ["ListAuditLog"] = async (app, place) => Trial.List($"/api/v1/audit-log?organization_id={place.OrganizationId}", await app.QuerySingleAsync<Guid>(
            "insert into app.audit_log (organization_id, action, entity) values (@OrganizationId, 'thing.changed', 'thing') returning id",
            new { place.OrganizationId })),

        ["CreateOnboardingLink"] = (_, place) =>
            Task.FromResult(new Trial(HttpMethod.Post, $"{Onboarding}/create-link", new { organization_id = place.OrganizationId })),
        ["ListOnboardingLinks"] = async (app, place) =>
            Trial.List($"{Onboarding}/links?organization_id={place.OrganizationId}", await LinkAsync(app, place)),
        ["GetOnboardingLink"] = async (app, place) => Trial.Get($"{Onboarding}/link", await LinkAsync(app, place)),
        ["RevokeOnboardingLink"] = async (app, place) =>
            Trial.About(HttpMethod.Post, $"{Onboarding}/link", await LinkAsync(app, place), "/revoke"),
        ["ExtendOnboardingLink"] = async (app, place) =>
            Trial.About(HttpMethod.Post, $"{Onboarding}/link", await LinkAsync(app, place), "/extend"),

        ["SendMessage"] = async (app, place) =>
        {
            await SenderAsync(app, place);
            return new Trial(HttpMethod.Post, "/api/messages/send", new
            {
                organization_id = place.OrganizationId,
                to = SendingApp.NewNumber(),
                template = new { name = "appointment_reminder", language = "en_US" },
            });
        },
        ["SendConversationMessage"] = async (app, place) =>
            Trial.About(HttpMethod.Post, "/api/conversations", await ChatAsync(app, place), "/messages", new { text = "Hello" }),
        ["RetryMessage"] = async (app, place) => Trial.About(HttpMethod.Post, "/api/messages", await MessageAsync(app, place), "/retry"),
        ["FailMessage"] = async (app, place) => Trial.About(HttpMethod.Post, "/api/messages", await MessageAsync(app, place), "/fail"),
    };

    /// <summary>The account of the organization. What it sends waits.</summary>
    private static async Task SenderAsync(TestApp app, Place place)
    {
        // The one that the calls about the account use and disconnect, in whatever order the calls are tried.
        await app.EnsureWhatsappAccountAsync(place.OrganizationId, reconnect: true);
        await app.ExecuteAsync(
            "update app.whatsapp_account set sends_after = '9000-01-01Z' where organization_id = @OrganizationId and sends_after is null",
            place);
    }

    private static async Task<Guid> ChatAsync(TestApp app, Place place)
    {
        await SenderAsync(app, place);
        return await app.CreateChatAsync(place.OrganizationId);
    }

    private static async Task<Guid> MessageAsync(TestApp app, Place place) =>
        await app.CreateOutboundAsync(place.OrganizationId, await ChatAsync(app, place), "unknown");

    private static Trial Converse(Guid conversation, string action, object? body = null) =>
        Trial.About(HttpMethod.Post, ConversationWorld.Path, conversation, action, body);

    /// <summary>A call about an account that is connected.</summary>
    private static async Task<Trial> WhatsappAsync(TestApp app, Place place, HttpMethod method, string path)
    {
        await app.EnsureWhatsappAccountAsync(place.OrganizationId, reconnect: true);
        return method == HttpMethod.Get
            ? Trial.Get($"{path}?organization_id={place.OrganizationId}")
            : new Trial(method, path, new { organization_id = place.OrganizationId });
    }

    private static Task<Guid> SourceAsync(TestApp app, Place place) => app.CreateSourceAsync(place.OrganizationId, place.AgencyId);

    private static async Task<Guid> JobAsync(TestApp app, Place place, string status) =>
        await app.CreateJobAsync(place.OrganizationId, await SourceAsync(app, place), agencyId: place.AgencyId, status: status);

    private static object NewSource(Place place) => new
    {
        name = "Made by a role",
        type = "csv",
        organization_id = place.OrganizationId,
        agency_id = place.AgencyId,
    };

    private static async Task<object> NewJobAsync(TestApp app, Place place) =>
        new { data_source_id = await SourceAsync(app, place), campaign_id = await CampaignAsync(app, place) };

    private static Task<Guid> LeadAsync(TestApp app, Place place) =>
        app.CreateLeadAsync(place.OrganizationId, agencyId: place.AgencyId, clientId: place.ClientId);

    private static Task<Guid> CampaignAsync(TestApp app, Place place) =>
        app.CreateCampaignAsync(place.OrganizationId, $"Campaign {Guid.NewGuid()}", agencyId: place.AgencyId, clientId: place.ClientId);

    private static object NewCampaign(Place place) =>
        new { name = "Made by a role", organization_id = place.OrganizationId, agency_id = place.AgencyId, client_id = place.ClientId };

    private static Trial CreateLead(string path, Place place) =>
        new(HttpMethod.Post, path, new { email = $"{Guid.NewGuid()}@prospect.example", client_id = place.ClientId });

    private static Trial Bulk(HttpMethod method, string path, object body) => new(method, $"/api/v1/leads/{path}", body)
    {
        Reaches = answer => answer.Contains("\"success_count\":1", StringComparison.Ordinal),
    };

    private static async Task<Guid> ActiveStaffAsync(TestApp app, Place place) =>
        (await app.CreateUserAsync("agency_staff", place.OrganizationId, place.AgencyId)).Id;

    /// <summary>A contact with a lead in the place.</summary>
    private static async Task<Guid> PersonAsync(TestApp app, Place place) =>
        await app.ContactOfAsync(await LeadAsync(app, place));

    /// <summary>Somebody of the place's agency, invited.</summary>
    private static async Task<Guid> StaffAsync(TestApp app, Place place) =>
        (await app.CreateUserAsync("agency_staff", place.OrganizationId, place.AgencyId, status: "invited")).Id;

    private static async Task<Guid> EndpointAsync(TestApp app, Place place) => (await app.CreateEndpointAsync(place.OrganizationId)).Id;

    private static async Task<Guid> UserAsync(TestApp app, Place place) => (await app.CreateUserAsync("member", place.OrganizationId)).Id;

    private static async Task<Guid> ContactAsync(TestApp app, Place place) =>
        Assert.Single(await app.CreateContactsAsync(place.OrganizationId, 1));

    private static Task<Guid> FailedLogAsync(TestApp app, Place place) =>
        app.CreateWebhookLogAsync(place.OrganizationId, "failed", dueAt: DateTime.UtcNow.AddHours(1));

    private static async Task<Guid> LinkAsync(TestApp app, Place place) =>
        (await app.CreateOnboardingLinkAsync(await app.CreateUserAsync("sb_admin"), organizationId: place.OrganizationId)).Id;

    private static async Task<Guid> RejectionAsync(TestApp app, Place place) =>
        await app.CreateRejectionAsync(await app.CreateEndpointAsync(place.OrganizationId));
}
