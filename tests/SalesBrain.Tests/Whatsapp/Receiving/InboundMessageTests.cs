using System.Text.Json.Nodes;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Whatsapp.Receiving;

public sealed class InboundMessageTests(TestApp app)
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.FromUnixTimeSeconds(
        DateTimeOffset.UtcNow.ToUnixTimeSeconds()).AddHours(-2);

    [Fact]
    public async Task First_message_begins_a_conversation_with_a_new_contact()
    {
        var (line, peer) = (await app.CreateWhatsappLineAsync(), WhatsappDeliveries.NextId());

        await DeliverAsync(line, line.Messages(peer, WhatsappDeliveries.Text(peer, "Does it come in another color?", Noon)));

        (await ConversationAsync(line)).AssertIncludes(new
        {
            peer_id = peer,
            peer_name = "Grace Hopper",
            status = "open",
            last_message_preview = "Does it come in another color?",
            last_message_direction = "inbound",
            unread_count = 1,
            window_hours = 24,
            at = Noon.ToUnixTimeSeconds(),
            first_name = "Grace",
            last_name = "Hopper",
            phone = "+" + peer,
            log_status = "processed",
            log_has_contact = true,
            seen = true,
        });
        (await app.QuerySingleJsonAsync("""
            select type, text, direction, status, extract(epoch from occurred_at)::bigint as at, payload from app.message where organization_id = @OrganizationId
            """, line)).AssertIncludes(new { type = "text", text = "Does it come in another color?", direction = "inbound", status = "delivered", at = Noon.ToUnixTimeSeconds() });
    }

    /// <summary>Whoever writes first knows only the number; a name that people gave the contact stays.</summary>
    [Theory]
    [InlineData(null, "Grace Hopper")]
    [InlineData("Gracie", "Gracie")]
    public async Task Contact_without_a_name_gets_the_persons(string? known, string expected)
    {
        var (line, peer) = (await app.CreateWhatsappLineAsync(), WhatsappDeliveries.NextId());
        await DeliverAsync(line, line.Messages(peer, WhatsappDeliveries.Text(peer, "Hello", Noon)));
        await app.ExecuteAsync(
            "update app.contact set first_name = @known, last_name = null where organization_id = @OrganizationId",
            new { line.OrganizationId, known });

        await DeliverAsync(line, line.Messages(peer, WhatsappDeliveries.Text(peer, "Again", Noon)));

        Assert.Equal([expected], await app.QueryAsync<string>(
            "select concat_ws(' ', first_name, last_name) from app.contact where organization_id = @OrganizationId", line));
    }

    [Fact]
    public async Task Messages_sort_by_the_vendors_time_and_the_window_never_goes_back()
    {
        var (line, peer) = (await app.CreateWhatsappLineAsync(), WhatsappDeliveries.NextId());

        await DeliverAsync(line, line.Messages(peer, WhatsappDeliveries.Text(peer, "Third", Noon.AddMinutes(2))));
        await DeliverAsync(
            line, line.Messages(peer, WhatsappDeliveries.Text(peer, "First", Noon), WhatsappDeliveries.Text(peer, "Second", Noon)));

        Assert.Equal(["First", "Second", "Third"], await TextsAsync(line));
        (await ConversationAsync(line)).AssertIncludes(new
        {
            last_message_preview = "Third",
            unread_count = 3,
            at = Noon.AddMinutes(2).ToUnixTimeSeconds(),
        });
    }

    [Fact]
    public async Task Message_of_every_type_is_stored()
    {
        var (line, peer) = (await app.CreateWhatsappLineAsync(), WhatsappDeliveries.NextId());
        var (image, unknown, reaction, unsupported) = (Typed("image", """{"id": "77", "mime_type": "image/jpeg", "caption": "The\u0000 door"}"""),
            Typed("hologram", """{"depth": 1e400}"""), Typed("reaction", """{"message_id": "wamid.X", "emoji": "👍"}"""),
            Typed("unsupported", "null"));
        unsupported["errors"] = new JsonArray(new JsonObject { ["code"] = 131051 });

        await DeliverAsync(line, line.Messages(peer, image, unknown, reaction, unsupported));

        Assert.Equal(
            [
                ("image", "The\uFFFD door", null, "77"), ("hologram", null, null, null), ("reaction", "👍", "wamid.X", null),
                ("unsupported", null, null, null),
            ],
            await app.QueryAsync<(string, string?, string?, string?)>("""
                select type, text, reply_to_wamid, payload #>> '{image,id}' from app.message where organization_id = @OrganizationId order by occurred_at, id
                """, line));
        Assert.Equal(1, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.message where organization_id = @OrganizationId and payload #>> '{errors,0,code}' = '131051'",
            line));
        (await ConversationAsync(line)).AssertIncludes(new { unread_count = 3 });

        JsonObject Typed(string type, string content)
        {
            var json = WhatsappDeliveries.Text(peer, "", Noon);
            json.Remove("text");
            json["type"] = type;
            json[type] = JsonNode.Parse(content);
            return json;
        }
    }

    [Fact]
    public async Task Forty_first_messages_of_a_person_at_once_make_one_conversation_and_one_contact()
    {
        var (line, peer) = (await app.CreateWhatsappLineAsync(), WhatsappDeliveries.NextId());

        await Task.WhenAll(Enumerable.Range(0, 40).Select(
            i => app.DeliverWhatsappAsync(line.Messages(peer, WhatsappDeliveries.Text(peer, $"Message {i}")))));
        await app.UntilProcessedAsync(line.OrganizationId);

        (await app.QuerySingleJsonAsync("""
            select (select count(*) from app.conversation where organization_id = @OrganizationId) as conversations,
                (select count(*) from app.contact where organization_id = @OrganizationId) as contacts,
                (select count(*) from app.message where organization_id = @OrganizationId) as messages,
                (select sum(unread_count) from app.conversation where organization_id = @OrganizationId) as unread
            """, line)).AssertIncludes(new { conversations = 1, contacts = 1, messages = 40, unread = 40 });
    }

    [Fact]
    public async Task Message_after_the_conversation_was_closed_begins_another_one()
    {
        var (line, peer) = (await app.CreateWhatsappLineAsync(), WhatsappDeliveries.NextId());
        var first = WhatsappDeliveries.Text(peer, "First", Noon);
        await DeliverAsync(line, line.Messages(peer, first));
        await app.ExecuteAsync(
            "update app.conversation set status = 'closed', closed_at = now() where organization_id = @OrganizationId", line);

        await DeliverAsync(line, line.Messages(peer, WhatsappDeliveries.Text(peer, "Second", Noon.AddMinutes(1))));
        // The first one again, when its receipt has been forgotten.
        await app.ExecuteAsync("delete from app.webhook_receipt where organization_id = @OrganizationId", line);
        await DeliverAsync(line, line.Messages(peer, first));

        Assert.Equal(
            [("closed", 1, "First"), ("open", 1, "Second")],
            await app.QueryAsync<(string, int, string)>("""
                select c.status, c.unread_count, string_agg(m.text, ',')
                from app.conversation c join app.message m on m.organization_id = c.organization_id and m.conversation_id = c.id
                where c.organization_id = @OrganizationId group by c.id order by c.status
                """, line));
        Assert.Equal(
            1, await app.QuerySingleAsync<int>("select count(*)::int from app.contact where organization_id = @OrganizationId", line));
    }

    [Fact]
    public async Task Message_of_a_lead_is_an_activity_and_the_lead_has_responded()
    {
        var (line, peer) = (await app.CreateWhatsappLineAsync(), WhatsappDeliveries.NextId());
        var contact = await app.CreateContactAsync(line.OrganizationId, "lead@example.org");
        await app.ExecuteAsync(
            "update app.contact set phone = @phone where id = @contact", new { phone = $"+{peer[..3]} {peer[3..]}", contact });
        var campaign = await app.CreateCampaignAsync(line.OrganizationId);
        var (lead, won) = (await app.CreateLeadAsync(line.OrganizationId, contact, campaign, "contacted"),
            await app.CreateLeadAsync(line.OrganizationId, contact, await app.CreateCampaignAsync(line.OrganizationId), "converted"));

        await DeliverAsync(
            line, line.Messages(peer, WhatsappDeliveries.Text(peer, "Call me", Noon), WhatsappDeliveries.Text(peer, "Today", Noon)));

        Assert.Equal(
            [(lead, "responded", 2), (won, "converted", 0)],
            await app.QueryAsync<(Guid, string, int)>("""
                select l.id, l.status, (select count(*)::int from app.activity a where a.organization_id = l.organization_id and a.lead_id = l.id)
                from app.lead l where l.organization_id = @OrganizationId order by l.status desc
                """, line));
        (await app.QuerySingleJsonAsync("""
            select activity_type, details ->> 'channel' as channel, details ->> 'message_type' as message_type, details::text like '%Call%' as has_text, campaign_id, extract(epoch from occurred_at)::bigint as at from app.activity where organization_id = @OrganizationId limit 1
            """, line)).AssertIncludes(new
        {
            activity_type = "whatsapp.message",
            channel = "whatsapp",
            message_type = "text",
            has_text = false,
            campaign_id = campaign,
            at = Noon.ToUnixTimeSeconds(),
        });
        Assert.Equal(
            1, await app.QuerySingleAsync<int>("select count(*)::int from app.contact where organization_id = @OrganizationId", line));
    }

    [Fact]
    public async Task Changed_number_moves_the_open_conversation()
    {
        var (line, former, next) = (await app.CreateWhatsappLineAsync(), WhatsappDeliveries.NextId(), WhatsappDeliveries.NextId());
        var change = Changed(former, next, Noon.AddMinutes(1));

        // In one delivery, in any order: the vendor's times decide.
        await DeliverAsync(
            line, line.Messages(next, WhatsappDeliveries.Text(next, "From the new one", Noon.AddMinutes(2))),
            line.Value(new JsonObject { ["messages"] = new JsonArray(change) }),
            line.Messages(former, WhatsappDeliveries.Text(former, "From the former one", Noon)));

        Assert.Equal(["From the former one", "Grace changed her number", "From the new one"], await TextsAsync(line));
        (await ConversationAsync(line))
            .AssertIncludes(new { peer_id = next, unread_count = 2, at = Noon.AddMinutes(2).ToUnixTimeSeconds() });
        Assert.Equal(
            new[] { former, next }.Order(StringComparer.Ordinal),
            (await app.QueryAsync<string>("select external_id from app.contact_external_id where organization_id = @OrganizationId", line))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Changed_number_without_a_conversation_is_ignored_with_the_reason()
    {
        var line = await app.CreateWhatsappLineAsync();

        await DeliverAsync(line, line.Value(
            new JsonObject { ["messages"] = new JsonArray(Changed(WhatsappDeliveries.NextId(), WhatsappDeliveries.NextId(), Noon)) }));

        Assert.Equal(
            ("ignored", "whatsapp_conversation_unknown"),
            await app.QuerySingleAsync<(string, string)>(
                "select status, error_code from app.webhook_log where organization_id = @OrganizationId", line));
        Assert.Equal(
            0, await app.QuerySingleAsync<int>("select count(*)::int from app.conversation where organization_id = @OrganizationId", line));
    }

    [Fact]
    public async Task Message_and_an_event_of_another_source_are_both_processed()
    {
        var (line, peer) = (await app.CreateWhatsappLineAsync(), WhatsappDeliveries.NextId());
        var endpoint = await app.CreateTokenEndpointAsync(line.OrganizationId);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 2 == 0
            ? app.DeliverAsync(endpoint, Deliveries.Event("email_sent", $"lead{i}@example.org"))
            : app.DeliverWhatsappAsync(line.Messages(peer, WhatsappDeliveries.Text(peer, $"Message {i}")))));
        await app.UntilProcessedAsync(line.OrganizationId);

        Assert.Equal(
            [("instantly", 10), ("whatsapp", 10)],
            await app.QueryAsync<(string, int)>("""
                select event_source, count(*)::int from app.webhook_log where organization_id = @OrganizationId and status = 'processed' group by 1 order by 1
                """, line));
    }

    private static JsonObject Changed(string former, string next, DateTimeOffset at)
    {
        var json = WhatsappDeliveries.Text(former, "", at);
        json.Remove("text");
        json["type"] = "system";
        json["system"] = new JsonObject { ["body"] = "Grace changed her number", ["wa_id"] = next, ["type"] = "user_changed_number" };
        return json;
    }

    private async Task DeliverAsync(WhatsappLine line, params JsonObject[] entries)
    {
        await app.DeliverWhatsappAsync(entries.Select(entry => (JsonObject)entry.DeepClone()));
        await app.UntilProcessedAsync(line.OrganizationId);
    }

    private Task<IReadOnlyList<string>> TextsAsync(WhatsappLine line) => app.QueryAsync<string>("""
        select m.text from app.message m where m.organization_id = @OrganizationId order by m.conversation_id, m.occurred_at, m.id
        """, line);

    private Task<System.Text.Json.JsonElement> ConversationAsync(WhatsappLine line) => app.QuerySingleJsonAsync("""
        select c.peer_id, c.peer_name, c.status, c.last_message_preview, c.last_message_direction, c.unread_count,
            extract(epoch from c.window_expires_at - c.last_inbound_at)::int / 3600 as window_hours, extract(epoch from c.last_inbound_at)::bigint as at,
            k.first_name, k.last_name, k.phone, a.webhook_seen_at is not null as seen,
            (select max(w.status) from app.webhook_log w where w.organization_id = c.organization_id) as log_status,
            (select bool_and(w.contact_id = k.id) from app.webhook_log w where w.organization_id = c.organization_id) as log_has_contact
        from app.conversation c
        join app.contact k on k.id = c.contact_id
        join app.whatsapp_account a on a.organization_id = c.organization_id
        where c.organization_id = @OrganizationId
        """, line);
}
