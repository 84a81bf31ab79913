using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Documentation.Requests;

/// <summary>What generated requests refer to: an organization with one of everything, and callers of several roles.</summary>
internal sealed class RequestWorld
{
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);

    /// <summary>The roles of callers, beside nobody and an invalid token.</summary>
    internal IReadOnlyCollection<string> Roles => _tokens.Keys;

    internal string TokenOf(string role) => _tokens[role];

    /// <summary>What a member or a path parameter of this name refers to; null if nothing.</summary>
    internal string? Find(string name) => _ids.GetValueOrDefault(name.EndsWith("_ids", StringComparison.Ordinal) ? name[..^1] : name);

    /// <param name="app">Where it is made.</param>
    /// <param name="operation">The operation that is to succeed: something that can be deleted, or an invited user.</param>
    internal static async Task<RequestWorld> CreateAsync(TestApp app, DescribedOperation operation)
    {
        var world = new RequestWorld();
        var organization = await app.CreateOrganizationAsync();
        var agency = await app.CreateAgencyAsync(organization);
        var client = await app.CreateClientAsync(organization, agency);
        var campaign = await app.CreateCampaignAsync(organization, agencyId: agency, clientId: client);
        var contact = await app.CreateContactAsync(organization, $"{organization:N}@prospect.example");
        var lead = await app.CreateLeadAsync(organization, contact, campaign);
        await app.CreateActivityAsync(lead, DateTime.UtcNow);
        var owner = await app.CreateUserAsync("owner", organization);
        var member = await app.CreateUserAsync("member", organization);
        foreach (var caller in new[]
        {
            owner, member, await app.CreateUserAsync("sb_admin"), await app.CreateUserAsync("sb_operator"),
            await app.CreateUserAsync("agency_admin", organization, agency),
            await app.CreateUserAsync("client_user", organization, clientId: client), await app.CreateUserAsync("read_only", organization),
        })
        {
            world._tokens.Add(caller.Role, app.TokenOf(caller));
        }
        world._tokens.Add("owner of another organization", app.TokenOf(await app.CreateUserAsync("owner")));

        await app.MapToGenesysAsync(organization, organization.ToString());
        var endpoint = await app.CreateEndpointAsync(organization);
        var guarded = await app.CreateEndpointAsync(organization, mode: "header");
        using (var rejected = await app.DeliverAsync(guarded with { Mode = "token" }, EndpointWorld.SomeEvent()))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, rejected.StatusCode);
        }
        await app.CreateWhatsappAccountAsync(organization);
        var source = await app.CreateSourceAsync(organization, agency);
        var job = await app.CreateJobAsync(
            organization, await app.CreateSourceAsync(organization, agency), campaign, agency, status: operation.Name switch
            {
                "StartJob" => "pending",
                "RetryJob" => "failed",
                "UndoJob" => "completed",
                // Nobody waits for the log of a job that has ended.
                _ => operation.Method == HttpMethod.Get ? "completed" : "paused",
            });
        var link = await app.CreateOnboardingLinkAsync(owner);
        await app.ExecuteAsync("""
            insert into app.user_campaign_assignment (organization_id, user_id, campaign_id) values (@organization, @Id, @campaign);
            insert into app.user_contact_assignment (organization_id, user_id, contact_id) values (@organization, @Id, @contact);
            """, new { organization, member.Id, campaign, contact });
        if (operation.Method == HttpMethod.Delete)
        {
            // Only what is empty can be deleted.
            (client, agency) = (await app.CreateClientAsync(organization, agency), await app.CreateAgencyAsync(organization));
        }
        var user = operation.Name switch
        {
            "SendUserInvitation" => await app.CreateUserAsync("member", organization, status: "invited"),
            "AssignConversation" => await app.CreateUserAsync("agent", organization),
            _ => member,
        };
        var conversation = await app.CreateConversationAsync(
            organization, contact, operation.Name == "ReleaseConversation" ? owner.Id : null,
            operation.Name == "ReopenConversation" ? "closed" : null, peerId: "491700000000");
        foreach (var (name, id) in new (string, object)[]
        {
            ("organization_id", operation.Name == "DeleteOrganization" ? await app.CreateOrganizationAsync() : organization),
            ("agency_id", agency), ("client_id", client), ("campaign_id", campaign), ("contact_id", contact), ("lead_id", lead),
            ("data_source_id", source), ("job_id", job), ("conversation_id", conversation),
            ("message_id", await app.CreateOutboundAsync(organization, conversation, "failed")),
            ("tenant_id", await app.TenantOfAsync(organization)), ("genesys_org_id", organization),
            ("into", await app.CreateContactAsync(organization)),
            ("user_id", user.Id), ("assigned_by", owner.Id), ("created_by", owner.Id), ("actor_id", owner.Id), ("entity_id", owner.Id),
            ("endpoint_id", endpoint.Id), ("log_id", await app.CreateWebhookLogAsync(organization, "dead")), ("link_id", link.Id),
            ("link_token", link.Token), ("token", endpoint.Token), ("source", endpoint.Source), ("asset", "swagger-ui.css"),
            ("notification_id", await app.CreateNotificationAsync(owner)),
            ("rejection_id", await app.QuerySingleAsync<Guid>("select id from app.webhook_rejection where endpoint_id = @Id", new { guarded.Id })),
        })
        {
            world._ids.Add(name, id.ToString()!);
        }
        return world;
    }
}
