using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Whatsapp.Receiving;

public sealed class MessageStatusTests(TestApp app)
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.FromUnixTimeSeconds(
        DateTimeOffset.UtcNow.ToUnixTimeSeconds()).AddHours(-2);

    public static TheoryData<string, string> Orders => new()
    {
        { "sent,delivered,read", "read" },
        { "read,sent,delivered", "read" },
        { "delivered,sent", "delivered" },
        { "sent,failed", "failed" },
        { "failed,sent", "failed" },
        { "failed,delivered", "delivered" },
        { "delivered,failed", "delivered" },
        { "read,failed,delivered,sent", "read" },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Status_only_rises_in_whatever_order_it_arrives(string order, string expected)
    {
        var (line, conversation, wamid) = await CreateAsync();
        var message = await app.CreateOutboundMessageAsync(line.OrganizationId, conversation, "sent", wamid);
        var statuses = order.Split(',');

        foreach (var status in statuses)
        {
            await DeliverAsync(line, (wamid, status, At(status), null, null));
        }

        (await MessageAsync(message)).AssertIncludes(new
        {
            status = expected,
            error_code = expected == "failed" ? "unknown" : null,
            sent = Seconds("sent"),
            delivered = Seconds("delivered"),
            read = Seconds("read"),
            failed = Seconds("failed"),
        });

        long? Seconds(string status) => statuses.Contains(status) ? At(status).ToUnixTimeSeconds() : null;
    }

    [Theory]
    [InlineData("sending")]
    [InlineData("unknown")]
    [InlineData("queued")]
    public async Task Status_before_the_response_of_sending_finds_the_message_by_our_id(string before)
    {
        var (line, conversation, wamid) = await CreateAsync();
        var message = await app.CreateOutboundMessageAsync(line.OrganizationId, conversation, before, wamid: null);

        await DeliverAsync(line, (wamid, "sent", At("sent"), message, null));
        // The next one need not name it.
        await DeliverAsync(line, (wamid, "delivered", At("delivered"), null, null));

        (await MessageAsync(message)).AssertIncludes(new { status = "delivered", wamid, queued = 0, keys = 1 });
    }

    [Theory]
    [InlineData("sent", null)]
    [InlineData("read", null)]
    [InlineData("failed", "131026")]
    public async Task Message_that_a_person_gave_up_has_the_status_that_comes_later(string status, string? error)
    {
        var (line, conversation, wamid) = await CreateAsync();
        var message = await app.CreateOutboundMessageAsync(line.OrganizationId, conversation, "unknown", wamid: null);
        using var owner = app.As(await app.CreateUserAsync("owner", line.OrganizationId));
        using (var given = await owner.PostAsync($"/api/messages/{message}/fail", null))
        {
            (await given.DataAsync()).AssertIncludes(new { status = "failed", error_code = "given_up" });
        }

        await DeliverAsync(line, (wamid, status, At(status), message, error is null ? null : 131026));

        (await MessageAsync(message)).AssertIncludes(
            new { status, error_code = error, wamid, failed = error is null ? (long?)null : At(status).ToUnixTimeSeconds() });
    }

    [Fact]
    public async Task Status_of_another_message_is_ignored_with_the_reason()
    {
        var (line, conversation, wamid) = await CreateAsync();
        var (other, otherConversation, _) = await CreateAsync();
        var foreign = await app.CreateOutboundMessageAsync(other.OrganizationId, otherConversation, "sending", wamid: null);
        var taken = await app.CreateOutboundMessageAsync(line.OrganizationId, conversation, "sent", "wamid." + WhatsappDeliveries.NextId());

        await DeliverAsync(line, (wamid, "sent", At("sent"), foreign, null));
        await DeliverAsync(line, (wamid, "delivered", At("delivered"), taken, null));

        Assert.Equal(
            [("ignored", "whatsapp_message_unknown"), ("ignored", "whatsapp_message_unknown")],
            await app.QueryAsync<(string, string)>(
                "select status, error_code from app.webhook_log where organization_id = @OrganizationId", line));
        (await MessageAsync(foreign)).AssertIncludes(new { status = "sending", queued = 1 });
        (await MessageAsync(taken)).AssertIncludes(new { status = "sent" });
    }

    [Fact]
    public async Task Status_of_an_unknown_kind_is_ignored()
    {
        var (line, conversation, wamid) = await CreateAsync();
        var message = await app.CreateOutboundMessageAsync(line.OrganizationId, conversation, "sent", wamid);

        await DeliverAsync(line, (wamid, "played", At("read"), null, null));

        Assert.Equal(
            "ignored",
            await app.QuerySingleAsync<string>("select status from app.webhook_log where organization_id = @OrganizationId", line));
        (await MessageAsync(message)).AssertIncludes(new { status = "sent" });
    }

    [Fact]
    public async Task Failed_message_says_why_and_an_unreachable_person_is_marked_until_they_write()
    {
        var (line, conversation, wamid) = await CreateAsync();
        var message = await app.CreateOutboundMessageAsync(line.OrganizationId, conversation, "sent", wamid);

        await DeliverAsync(line, (wamid, "failed", At("failed"), null, 131026));

        var failed = await MessageAsync(message);
        failed.AssertIncludes(new { status = "failed", error_code = "131026", undeliverable = true });
        Assert.Contains("not on WhatsApp", failed.GetProperty("error_message").GetString(), StringComparison.Ordinal);
        var peer = await app.QuerySingleAsync<string>(
            "select peer_id from app.conversation where id = @conversation", new { conversation });
        await app.DeliverWhatsappAsync(line.Messages(peer, WhatsappDeliveries.Text(peer, "Here I am", Noon.AddMinutes(30))));
        await app.UntilProcessedAsync(line.OrganizationId);
        (await MessageAsync(message)).AssertIncludes(new { status = "failed", undeliverable = false });
    }

    [Fact]
    public async Task Applying_events_again_changes_nothing()
    {
        var (line, conversation, wamid) = await CreateAsync();
        var message = await app.CreateOutboundMessageAsync(line.OrganizationId, conversation, "sent", wamid);
        var peer = WhatsappDeliveries.NextId();
        await app.DeliverWhatsappAsync(line.Messages(peer, WhatsappDeliveries.Text(peer, "Hi", Noon)));
        await DeliverAsync(line, (wamid, "delivered", At("delivered"), null, null));
        var before = await StateAsync();

        await app.ExecuteAsync(
            "update app.webhook_log set status = 'pending', due_at = now(), processed_at = null where organization_id = @OrganizationId",
            line);
        using var fired = await app.Http.PostAsync("/admin/functions/ProcessPendingWebhooks", null);
        await app.UntilProcessedAsync(line.OrganizationId);

        Assert.Equal(before, await StateAsync());
        (await MessageAsync(message)).AssertIncludes(new { status = "delivered" });

        Task<string> StateAsync() => app.QuerySingleAsync<string>("""
            select (select json_agg(m order by m.id)::jsonb #- '{0,updated_at}' #- '{1,updated_at}' from app.message m where m.organization_id = @OrganizationId)::text
                || (select json_agg(row(c.unread_count, c.last_message_at, c.window_expires_at) order by c.id) from app.conversation c
                    where c.organization_id = @OrganizationId)::text
                || (select json_agg(w.status order by w.id) from app.webhook_log w where w.organization_id = @OrganizationId)::text
            """, line);
    }

    private async Task<(WhatsappLine Line, Guid Conversation, string Wamid)> CreateAsync()
    {
        var line = await app.CreateWhatsappLineAsync();
        return (line, await app.CreateWhatsappConversationAsync(line.OrganizationId, WhatsappDeliveries.NextId()), "wamid." + WhatsappDeliveries.NextId());
    }

    private static DateTimeOffset At(string status) =>
        Noon.AddMinutes(status switch { "sent" => 0, "delivered" => 1, "read" => 2, _ => 3 });

    private async Task DeliverAsync(WhatsappLine line, (string Wamid, string Status, DateTimeOffset At, Guid? Ours, int? Error) status)
    {
        await app.DeliverWhatsappAsync(
            line.Statuses(WhatsappDeliveries.Status(status.Wamid, status.Status, status.At, status.Ours, status.Error)));
        await app.UntilProcessedAsync(line.OrganizationId);
    }

    private Task<System.Text.Json.JsonElement> MessageAsync(Guid id) => app.QuerySingleJsonAsync("""
        select m.status, m.wamid, m.error_code, m.error_message, extract(epoch from m.sent_at)::bigint as sent, extract(epoch from m.delivered_at)::bigint as delivered,
            extract(epoch from m.read_at)::bigint as read, extract(epoch from m.failed_at)::bigint as failed, c.undeliverable_at is not null as undeliverable,
            (select count(*) from app.message_queue q where q.message_id = m.id) as queued,
            (select count(*) from app.message_key k where k.organization_id = m.organization_id and k.message_id = m.id) as keys
        from app.message m join app.conversation c on c.organization_id = m.organization_id and c.id = m.conversation_id
        where m.id = @id
        """, new { id });
}
