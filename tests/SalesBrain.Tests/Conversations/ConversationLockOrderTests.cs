using System.Text.Json;
using Dapper;
using Npgsql;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Conversations;

/// <summary>
/// Whoever locks contacts, agents, conversations and messages does it in the order of docs/architecture.md. Each test deadlocks if it does
/// not.
/// </summary>
public sealed class ConversationLockOrderTests(TestApp app)
{
    private const string Conversation = "select from app.conversation where id = @conversation for no key update";
    private const string Erasing = "select from app.conversation where id = @conversation for update";
    private const string Message = "select from app.message where id = @message for update";

    [Fact]
    public async Task Conversations_of_a_disabled_agent_are_locked_by_id()
    {
        var organization = await app.CreateOrganizationAsync();
        var agent = await app.CreateUserAsync("agent", organization);
        var now = DateTime.UtcNow;
        // The one with the later id is stored first, and comes first in every index.
        var later = await app.CreateConversationAsync(organization, assignedTo: agent.Id, activityAt: now.AddDays(-1));
        var first = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
        await app.ExecuteAsync(
            "update app.conversation set id = @first, assigned_to = @user, status = 'assigned' where id = @id",
            new { first, user = agent.Id, id = await app.CreateConversationAsync(organization, activityAt: now) });

        await OtherSession.LockAroundAsync(
            app,
            "select from app.conversation where id = @first for no key update",
            "select from app.conversation where id = @later for no key update",
            new { first, later },
            () => DisableAsync(agent));

        Assert.Null((await app.ConversationOwnerAsync(first)).AssignedTo);
        Assert.Null((await app.ConversationOwnerAsync(later)).AssignedTo);
    }

    [Fact]
    public async Task Conversation_of_a_disabled_agent_is_locked_before_its_assignment()
    {
        var organization = await app.CreateOrganizationAsync();
        var agent = await app.CreateUserAsync("agent", organization);
        var conversation = await app.CreateConversationAsync(organization, assignedTo: agent.Id);

        await OtherSession.LockAroundAsync(
            app,
            Conversation,
            "update app.conversation_assignment set reason = 'reassigned' where conversation_id = @conversation",
            new { conversation },
            () => DisableAsync(agent));

        Assert.Equal(["user_left (ended)"], (await app.ConversationOwnerAsync(conversation)).History);
    }

    [Fact]
    public async Task Agents_of_new_conversations_are_locked_before_other_conversations()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.TakeTurnsAsync(organization);
        var agent = await app.CreatePresentAgentAsync(organization);
        var peer = WhatsappDeliveries.NextId();
        var conversation = await app.CreateConversationAsync(organization, assignedTo: agent.Id, peerId: peer);

        await OtherSession.LockAroundAsync(
            app,
            "select from app.user where id = @Id for no key update",
            Conversation,
            new { agent.Id, conversation },
            () => ApplyAsync(MessageOf(organization, peer), MessageOf(organization, WhatsappDeliveries.NextId())));

        Assert.Equal(2, await app.QuerySingleAsync<int>(
            "select count(*) from app.conversation where organization_id = @organization and assigned_to = @Id", new { organization, agent.Id }));
    }

    [Fact]
    public async Task Conversation_that_becomes_undeliverable_is_locked_before_its_message()
    {
        var organization = await app.CreateOrganizationAsync();
        var conversation = await app.CreateConversationAsync(organization, lastInboundAt: DateTime.UtcNow.AddDays(-1));
        var message = await app.CreateMessageAsync(conversation, "outbound");

        await OtherSession.LockAroundAsync(app, Conversation, Message, new { conversation, message }, () => ApplyAsync(new
        {
            log_id = Guid.CreateVersion7(),
            log_created_at = DateTime.UtcNow,
            organization_id = organization,
            kind = "status",
            occurred_at = DateTime.UtcNow,
            wamid = $"wamid.{message:N}",
            status = "failed",
            is_undeliverable = true,
            callback_id = message,
            callback_created_at = CreatedAt(message),
        }));

        Assert.NotNull(await app.QuerySingleAsync<DateTime?>("select undeliverable_at from app.conversation where id = @conversation", new { conversation }));
    }

    [Fact]
    public async Task Contacts_of_people_who_write_are_locked_by_id()
    {
        var organization = await app.CreateOrganizationAsync();
        var peers = new[] { WhatsappDeliveries.NextId(), WhatsappDeliveries.NextId() }.Order(StringComparer.Ordinal).ToArray();
        var contacts = new[] { await app.CreatePersonAsync(organization), await app.CreatePersonAsync(organization) }.Order().ToArray();
        var (first, later) = (contacts[0], contacts[1]);
        // The first person has the later contact.
        await app.ExecuteAsync(
            "update app.contact set phone = '+' || case id when @first then @laterPhone else @firstPhone end where id = any (@contacts)",
            new { first, contacts, firstPhone = peers[0], laterPhone = peers[1] });

        await OtherSession.LockAroundAsync(
            app,
            "select from app.contact where id = @first for no key update",
            "select from app.contact where id = @later for no key update",
            new { first, later },
            () => ApplyAsync([.. peers.Select(peer => MessageOf(organization, peer))]));

        Assert.Equal(2, await app.QuerySingleAsync<int>(
            "select count(*) from app.contact where organization_id = @organization and first_name = 'Grace'", new { organization }));
    }

    [Fact]
    public async Task Presence_of_agents_who_take_turns_is_locked_by_id()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.TakeTurnsAsync(organization);
        var agents = new[] { await app.CreateUserAsync("agent", organization), await app.CreateUserAsync("agent", organization) };
        var (first, later) = (agents.MinBy(agent => agent.Id)!, agents.MaxBy(agent => agent.Id)!);
        await app.ExecuteAsync("""
            insert into app.agent_presence (organization_id, user_id, present_until)
            values (@organization, @later, now() + interval '1 hour'), (@organization, @first, now() + interval '1 hour')
            """, new { organization, first = first.Id, later = later.Id });
        await app.CreateConversationAsync(organization);
        await app.CreateConversationAsync(organization);

        await OtherSession.LockAroundAsync(
            app,
            "select from app.agent_presence where user_id = @first for no key update",
            "select from app.agent_presence where user_id = @later for no key update",
            new { first = first.Id, later = later.Id },
            () => AsPlatformAsync("select count(*) from app.assign_conversations(@organization, null, now())", new { organization }));

        Assert.Equal(2, await app.QuerySingleAsync<int>(
            "select count(*) from app.conversation where organization_id = @organization and status = 'assigned'", new { organization }));
    }

    [Fact]
    public async Task Message_of_a_conversation_that_is_being_erased_is_not_claimed()
    {
        var (organization, conversation, message) = await CreateOutboundAsync("queued");
        await app.ExecuteAsync("""
            insert into app.message_queue (organization_id, message_id, message_created_at, conversation_id, due_at)
            values (@organization, @message, @createdAt, @conversation, '2020-01-01')
            """, new { organization, message, conversation, createdAt = CreatedAt(message) });

        await OtherSession.LockAroundAsync(app, Erasing, Message, new { conversation, message }, () => ClaimAsync(organization));

        Assert.Equal("queued", await app.QuerySingleAsync<string>("select status from app.message where id = @message", new { message }));
        await ClaimAsync(organization);
        Assert.Equal("sending", await app.QuerySingleAsync<string>("select status from app.message where id = @message", new { message }));
    }

    [Fact]
    public async Task Conversation_is_locked_before_a_message_that_was_sent()
    {
        var (organization, conversation, message) = await CreateOutboundAsync("sending");
        var owner = Guid.CreateVersion7();
        await app.ExecuteAsync("""
            insert into app.message_queue (organization_id, message_id, message_created_at, conversation_id, due_at, lease_owner, lease_until)
            values (@organization, @message, @createdAt, @conversation, now(), @owner, now() + interval '1 hour')
            """, new { organization, message, conversation, owner, createdAt = CreatedAt(message) });
        var results = JsonSerializer.Serialize(new[]
        {
            new { message_id = message, message_created_at = CreatedAt(message), outcome = "sent", wamid = "wamid." + WhatsappDeliveries.NextId() },
        });

        await OtherSession.LockAroundAsync(app, Erasing, Message, new { conversation, message }, () => AsPlatformAsync(
            "select app.settle_messages(@organization, @owner, @results::jsonb, null, now())", new { organization, owner, results }));

        Assert.Equal("sent", await app.QuerySingleAsync<string>("select status from app.message where id = @message", new { message }));
    }

    [Fact]
    public async Task Conversation_is_locked_before_a_message_that_is_sent_again()
    {
        var (_, conversation, message) = await CreateOutboundAsync("unknown");
        await app.ExecuteAsync(
            "update app.conversation set window_expires_at = now() + interval '1 hour' where id = @conversation", new { conversation });

        await OtherSession.LockAroundAsync(app, Erasing, Message, new { conversation, message }, () => AsPlatformAsync(
            "select outcome from app.decide_message(@message, @createdAt, 'retry', now())", new { message, createdAt = CreatedAt(message) }));

        Assert.Equal("queued", await app.QuerySingleAsync<string>("select status from app.message where id = @message", new { message }));
    }

    private async Task<(Guid Organization, Guid Conversation, Guid Message)> CreateOutboundAsync(string status)
    {
        // Nothing is sent: the account has stopped for now.
        var line = await app.CreateWhatsappLineAsync();
        await app.ExecuteAsync(
            "update app.whatsapp_account set sends_after = now() + interval '1 day' where organization_id = @OrganizationId", line);
        var conversation = await app.CreateConversationAsync(line.OrganizationId);
        var message = await app.CreateMessageAsync(conversation, "outbound", status: status);
        await app.ExecuteAsync("update app.message set wamid = null where id = @message", new { message });
        return (line.OrganizationId, conversation, message);
    }

    /// <summary>The next day, when the account sends again.</summary>
    private Task ClaimAsync(Guid organization) => AsPlatformAsync(
        """
        select count(*) from app.claim_messages(
            @organization, gen_random_uuid(), 10, now() + interval '2 days', interval '1 minute', interval '1 minute', interval '6 seconds', 1)
        """, new { organization });

    private Task DisableAsync(TestUser user) => app.ExecuteAsync("update app.user set status = 'disabled' where id = @Id", new { user.Id });

    /// <summary>As the platform's login, which processes what comes in.</summary>
    private Task ApplyAsync(params object[] events) => AsPlatformAsync(
        "select count(*) from app.apply_whatsapp_events(@events::jsonb, now())", new { events = JsonSerializer.Serialize(events) });

    private async Task AsPlatformAsync(string sql, object arguments)
    {
        await using var connection = new NpgsqlConnection(app.Database.Platform);
        await connection.ExecuteAsync(sql, arguments);
    }

    private static object MessageOf(Guid organization, string peer) => new
    {
        log_id = Guid.CreateVersion7(),
        log_created_at = DateTime.UtcNow,
        organization_id = organization,
        kind = "message",
        occurred_at = DateTime.UtcNow,
        wamid = "wamid." + WhatsappDeliveries.NextId(),
        peer_id = peer,
        peer_name = "Grace Hopper",
        type = "text",
        text = "Hello",
        preview = "Hello",
        is_news = true,
        activity_id = Guid.CreateVersion7(),
    };

    private static DateTime CreatedAt(Guid message) => Core.Webhooks.Receiving.WebhookLogIds.CreatedAt(message);
}
