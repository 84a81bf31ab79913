using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Conversations;

/// <summary>Requests to send, retry and give up messages.</summary>
[Collection(SendingApp.Collection)]
public sealed class SendMessageTests(SendingApp app)
{
    private const string Path = "/api/messages/send";

    [Fact]
    public async Task Template_to_a_new_person_begins_a_conversation_that_is_the_agents_and_is_sent()
    {
        var (agent, organization) = await AgentAsync();
        var to = SendingApp.NewNumber();
        using var client = app.As(agent);

        using var response = await client.PostAsync(Path, new { to = $"+{to}", template = Template(), client_message_id = "a" });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var message = await response.DataAsync();
        await app.DrainAsync(organization);

        message.AssertIncludes(
            new { type = "template", status = "queued", sent_by = agent.Id, client_message_id = "a", text = (string?)null });
        var call = Assert.Single(app.Graph.To(to));
        call.Body.AssertIncludes("""
            {"messaging_product": "whatsapp", "recipient_type": "individual", "type": "template", "template": {"name": "order_update", "language": {"code": "en_US"},
             "components": [{"type": "body", "parameters": [{"type": "text", "text": "Ada"}]}]}}
            """);
        Assert.Equal(message.GetProperty("id").GetGuid(), call.MessageId);
        (await app.QuerySingleJsonAsync("""
            select c.status, c.assigned_to, c.last_message_preview, c.last_message_direction, c.peer_id, k.phone,
                (select count(*)::int from app.conversation_assignment a where a.conversation_id = c.id and a.user_id = @Id and a.ended_at is null) as assignments
            from app.conversation c join app.contact k on k.id = c.contact_id where c.organization_id = @organization
            """, new { organization, agent.Id })).AssertIncludes(new
        {
            status = "assigned",
            assigned_to = agent.Id,
            last_message_preview = "Template order_update",
            last_message_direction = "outbound",
            peer_id = to,
            phone = $"+{to}",
            assignments = 1,
        });
    }

    [Fact]
    public async Task Same_request_ten_times_at_once_sends_one_message()
    {
        var (agent, organization) = await AgentAsync();
        var to = SendingApp.NewNumber();
        using var client = app.As(agent);

        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            using var response = await client.PostAsync(Path, new { to, template = Template(), client_message_id = "the-same" });
            return (await response.DataAsync()).GetProperty("id").GetGuid();
        }));
        await app.DrainAsync(organization);
        using var later = await client.PostAsync(Path, new { to, template = Template(), clientMessageId = "the-same" });

        Assert.Single(ids.Append((await later.DataAsync()).GetProperty("id").GetGuid()).Distinct());
        Assert.Single(app.Graph.To(to));
        Assert.Equal((1, 1), await app.QuerySingleAsync<(int, int)>("""
            select (select count(*)::int from app.conversation where organization_id = @organization), (select count(*)::int from app.message where organization_id = @organization)
            """, new { organization }));
    }

    [Fact]
    public async Task Free_text_is_accepted_until_the_window_ends_and_refused_from_then_on()
    {
        var (agent, organization) = await AgentAsync();
        using var client = app.As(agent);
        var end = Whole(app.Now.AddMinutes(1));
        var chat = await app.CreateChatAsync(organization, windowEnds: end);

        app.Time.SetUtcNow(new DateTimeOffset(end.AddMilliseconds(-1)));
        using var before = await client.PostAsync($"/api/conversations/{chat}/messages", new { text = "In time" });
        Assert.Equal(HttpStatusCode.Accepted, before.StatusCode);
        app.Time.SetUtcNow(new DateTimeOffset(end));
        using var after = await client.PostAsync($"/api/conversations/{chat}/messages", new { text = "Too late" });
        var problem = await after.ProblemAsync(HttpStatusCode.Conflict, "window_closed");
        Assert.Contains($"{end:yyyy-MM-ddTHH:mm:ssZ}", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("template", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var template = await client.PostAsync($"/api/conversations/{chat}/messages", new { template = Template() });
        Assert.Equal(HttpStatusCode.Accepted, template.StatusCode);
        using var unknown = await client.PostAsync(Path, new { to = SendingApp.NewNumber(), text = "Hello" });
        await unknown.ProblemAsync(HttpStatusCode.Conflict, "window_closed");
        await app.DrainAsync(organization);
    }

    [Fact]
    public async Task Person_of_a_closed_conversation_gets_a_new_one_whose_window_is_still_open()
    {
        var (agent, organization) = await AgentAsync();
        using var client = app.As(agent);
        var to = SendingApp.NewNumber();
        var closed = await app.CreateChatAsync(organization, to, status: "closed");

        using var refused = await client.PostAsync(Path, new { conversation_id = closed, text = "Hello" });
        await refused.ProblemAsync(HttpStatusCode.Conflict, "conversation_closed");
        using var accepted = await client.PostAsync(Path, new { to, text = "Hello" });
        var message = await accepted.DataAsync();
        await app.DrainAsync(organization);

        Assert.NotEqual(closed, message.GetProperty("conversation_id").GetGuid());
        Assert.Equal("Hello", Assert.Single(app.Graph.To(to)).Text);
        Assert.True(await app.QuerySingleAsync<bool>(
            "select c.contact_id = (select k.contact_id from app.conversation k where k.id = @closed) from app.conversation c "
            + "where c.organization_id = @organization and c.status <> 'closed'",
            new { organization, closed }));
    }

    [Theory]
    [InlineData(null, "whatsapp_not_configured", "WhatsApp not configured for your organization")]
    [InlineData("pending", "whatsapp_not_configured", "WhatsApp not configured for your organization")]
    [InlineData("needs_reconnect", "whatsapp_needs_reconnect", null)]
    public async Task Account_that_is_not_ready_is_a_problem_of_its_own(string? status, string code, string? detail)
    {
        var owner = await app.CreateUserAsync("owner");
        if (status is not null)
        {
            await app.CreateSenderAsync(owner.OrganizationId!.Value, status: status);
        }
        using var client = app.As(owner);

        using var response = await client.PostAsync(Path, new { to = SendingApp.NewNumber(), text = "Hello" });

        var problem = await response.ProblemAsync(HttpStatusCode.Conflict, code);
        Assert.Equal(detail ?? problem.GetProperty("detail").GetString(), problem.GetProperty("detail").GetString());
        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.conversation where organization_id = @OrganizationId", new { owner.OrganizationId }));
    }

    [Fact]
    public async Task Agent_neither_sees_nor_writes_in_a_conversation_of_another_agent()
    {
        var (agent, organization) = await AgentAsync();
        var other = await app.CreateUserAsync("agent", organization);
        var to = SendingApp.NewNumber();
        var chat = await app.CreateChatAsync(organization, to, assignedTo: other.Id);
        var message = await app.CreateOutboundAsync(organization, chat, "unknown");
        using var client = app.As(agent);

        foreach (var path in new[] { $"/api/conversations/{chat}/messages", $"/api/messages/{message}/retry", $"/api/messages/{message}/fail" })
        {
            using var hidden = path.EndsWith("messages", StringComparison.Ordinal)
                ? await client.PostAsync(path, new { text = "Hello" })
                : await client.PostAsync(path, null);
            await hidden.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
        using var taken = await client.PostAsync(Path, new { to, text = "Hello" });
        await taken.ProblemAsync(HttpStatusCode.Conflict, "conversation_taken");

        using var supervisor = app.As(await app.CreateUserAsync("agent_supervisor", organization));
        using var sent = await supervisor.PostAsync(Path, new { to, text = "Hello" });
        await sent.DataAsync();
        Assert.Equal(other.Id, await app.QuerySingleAsync<Guid>("select assigned_to from app.conversation where id = @chat", new { chat }));
        await app.DrainAsync(organization);
    }

    [Theory]
    [InlineData("""{"text": "Hello"}""", "to")]
    [InlineData("""{"to": "+4915112345678"}""", "text")]
    [InlineData("""{"to": "+4915112345678", "text": ""}""", "text")]
    [InlineData("""{"to": "12ab", "text": "Hello"}""", "to")]
    [InlineData("""{"to": "0049", "text": "Hello"}""", "to")]
    [InlineData("""{"to": "+4915112345678", "text": "Hello", "template": {"name": "a", "language": "en"}}""", "text")]
    [InlineData("""{"to": "+4915112345678", "template": {"name": "a", "language": "English, please"}}""", "template.language")]
    [InlineData("""{"to": "+4915112345678", "template": {"name": "a", "language": "en", "components": [{"parameters": []}]}}""", "template.components")]
    [InlineData("""{"to": "+4915112345678", "text": "Hello", "typo": 1}""", "typo")]
    public async Task Invalid_request_is_refused_with_the_member(string json, string member)
    {
        var (agent, _) = await AgentAsync();
        using var client = app.As(agent);

        using var response = await client.PostTextAsync(Path, json);

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty(member, out _), problem.GetRawText());
    }

    [Fact]
    public async Task Text_of_4096_characters_is_sent_and_one_more_is_refused()
    {
        var (agent, organization) = await AgentAsync();
        var to = SendingApp.NewNumber();
        var chat = await app.CreateChatAsync(organization, to);
        using var client = app.As(agent);
        var longest = string.Concat(Enumerable.Repeat("😀", 4096));

        using var accepted = await client.PostAsync($"/api/conversations/{chat}/messages", new { text = longest });
        using var refused = await client.PostAsync($"/api/conversations/{chat}/messages", new { text = longest + "x" });
        await app.DrainAsync(organization);

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(longest, Assert.Single(app.Graph.To(to)).Text);
    }

    [Fact]
    public async Task Reply_names_the_vendors_id_and_other_messages_are_refused()
    {
        var (agent, organization) = await AgentAsync();
        var to = SendingApp.NewNumber();
        var chat = await app.CreateChatAsync(organization, to);
        var inbound = await app.CreateOutboundAsync(organization, chat, "delivered");
        await app.ExecuteAsync(
            "update app.message set direction = 'inbound', wamid = 'wamid.question' where id = @inbound", new { inbound });
        var elsewhere = await app.CreateOutboundAsync(organization, await app.CreateChatAsync(organization), "sent");
        using var client = app.As(agent);

        using var reply = await client.PostAsync($"/api/conversations/{chat}/messages", new { text = "Yes", reply_to = inbound });
        using var wrong = await client.PostAsync($"/api/conversations/{chat}/messages", new { text = "Yes", reply_to = elsewhere });
        await app.DrainAsync(organization);

        (await reply.DataAsync()).AssertIncludes(new { reply_to_wamid = "wamid.question" });
        Assert.True((await wrong.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).GetProperty("errors").TryGetProperty(
            "reply_to", out _));
        Assert.Single(app.Graph.To(to)).Body.AssertIncludes("""{"context": {"message_id": "wamid.question"}}""");
    }

    [Fact]
    public async Task Template_that_is_not_among_fresh_ones_is_refused()
    {
        var (agent, organization) = await AgentAsync();
        using var client = app.As(agent);
        await app.ExecuteAsync("""
            update app.whatsapp_account set templates_at = @Now, templates = '[{"name": "other", "language": "en_US", "status": "APPROVED"}]'
            where organization_id = @organization
            """, new { organization, app.Now });

        using var refused = await client.PostAsync(Path, new { to = SendingApp.NewNumber(), template = Template() });
        await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        app.Time.Advance(TimeSpan.FromMinutes(11));
        using var accepted = await client.PostAsync(Path, new { to = SendingApp.NewNumber(), template = Template() });
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        await app.DrainAsync(organization);
    }

    [Fact]
    public async Task Unknown_message_is_sent_again_or_given_up_when_a_person_says_so()
    {
        var (agent, organization) = await AgentAsync();
        var to = SendingApp.NewNumber();
        var chat = await app.CreateChatAsync(organization, to);
        var (retried, given, queued) = (
            await app.CreateOutboundAsync(organization, chat, "unknown"), await app.CreateOutboundAsync(organization, chat, "unknown"),
            Guid.Empty);
        using var client = app.As(agent);

        using var retry = await client.PostAsync($"/api/messages/{retried}/retry", null);
        (await retry.DataAsync()).AssertIncludes(new { status = "queued" });
        using var fail = await client.PostAsync($"/api/messages/{given}/fail", null);
        (await fail.DataAsync()).AssertIncludes(new { status = "failed", error_code = "given_up" });
        await app.DrainAsync(organization);
        using var again = await client.PostAsync($"/api/messages/{retried}/retry", null);
        Assert.Contains(
            "sent", (await again.ProblemAsync(HttpStatusCode.Conflict, "message_state")).GetProperty("detail").GetString(),
            StringComparison.Ordinal);

        // What is queued can be given up, too, and what failed before the vendor took it can be retried.
        await app.ExecuteAsync(
            "update app.whatsapp_account set sends_after = @later where organization_id = @organization",
            new { organization, later = app.Now.AddHours(1) });
        queued = await app.CreateOutboundAsync(organization, chat, text: "queued");
        using var cancelled = await client.PostAsync($"/api/messages/{queued}/fail", null);
        await cancelled.DataAsync();
        await app.ExecuteAsync(
            "update app.whatsapp_account set sends_after = null where organization_id = @organization", new { organization });
        await app.DrainAsync(organization);
        Assert.Equal(retried, Assert.Single(app.Graph.To(to)).MessageId);
        using var revived = await client.PostAsync($"/api/messages/{queued}/retry", null);
        await revived.DataAsync();
        await app.DrainAsync(organization);
        Assert.Equal([retried, queued], app.Graph.To(to).Select(call => call.MessageId));
        Assert.Equal(4, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.audit_log where organization_id = @organization "
            + "and action in ('message.retried', 'message.given_up')",
            new { organization }));
    }

    [Fact]
    public async Task Message_that_failed_after_the_vendor_took_it_is_not_sent_again()
    {
        var (agent, organization) = await AgentAsync();
        var message = await app.CreateOutboundAsync(organization, await app.CreateChatAsync(organization), "failed");
        await app.ExecuteAsync("update app.message set wamid = 'wamid.x' where id = @message", new { message });
        using var client = app.As(agent);

        using var response = await client.PostAsync($"/api/messages/{message}/retry", null);

        await response.ProblemAsync(HttpStatusCode.Conflict, "message_state");
    }

    private async Task<(TestUser Agent, Guid Organization)> AgentAsync()
    {
        var agent = await app.CreateUserAsync("agent");
        await app.CreateSenderAsync(agent.OrganizationId!.Value);
        return (agent, agent.OrganizationId!.Value);
    }

    private static object Template() => new
    {
        name = "order_update",
        language = "en_US",
        components = new[] { new { type = "body", parameters = new[] { new { type = "text", text = "Ada" } } } },
    };

    private static DateTime Whole(DateTime at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));
}
