using System.Net;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Crm;

/// <summary>What is erased: everything about the person, wherever it is.</summary>
[Collection(ErasureApp.Collection)]
public sealed class ErasedPersonTests(ErasureApp app)
{
    /// <summary>Everything about one person, through HTTP; then a dump of all tables is searched for them.</summary>
    [Fact]
    public async Task Nothing_of_the_person_is_left_in_any_table()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var member = await app.CreateUserAsync("member", organization);
        using var http = app.As(owner);
        var endpoint = await app.CreateTokenEndpointAsync(organization);
        var guarded = await app.CreateEndpointAsync(organization, mode: "header");

        var (contact, lead) = await ReceiveEventsAsync(http, member, endpoint);
        await RejectDeliveriesAsync(guarded);
        await app.UntilProcessedAsync(organization);
        await EditAsync(http, member, contact, lead);
        var (second, third) = await MergeAsync(http, endpoint, contact, lead);
        await ConverseAsync(http, organization, member, third);
        await ReceiveFromWhatsappAsync(organization);
        string[] person = ["zdenka", "qvorkova", "777 555 333", "777555333", "erased.example", "third.example"];
        var before = await app.SearchTablesAsync(person);
        // The test would prove little if the person were in few places.
        Assert.Superset(
            new HashSet<string> { "activity", "audit_log", "contact", "contact_former_email", "lead", "notification", "webhook_log", "webhook_payload", "webhook_rejection",
                "conversation", "conversation_assignment", "whatsapp_unrouted", "message", "message_key", "contact_external_id" },
            before.Select(row => row.Table).ToHashSet());

        using var response = await http.DeleteAsync($"{ContactWorld.Path}/{third}");

        var erased = await response.DataAsync();
        Assert.True(
            erased.GetProperty("leads").GetInt32() > 0 && erased.GetProperty("activities").GetInt32() > 0
                && erased.GetProperty("notifications").GetInt32() > 0);
        Assert.True(erased.GetProperty("audit_entries").GetInt32() > 0 && erased.GetProperty("mentions").GetInt64() >= 5);
        Assert.Empty((await app.SearchTablesAsync(person)).Select(row => row.ToString()));
        Assert.Equal(2, erased.GetProperty("conversations").GetInt32());
        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.message_queue where organization_id = @organization", new { organization }));
        foreach (var id in new[] { contact, second, third })
        {
            using var gone = await http.GetAsync($"{ContactWorld.Path}/{id}");
            await gone.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
        using var export = await http.GetAsync("/api/admin/webhooks/logs/export?format=json");
        Assert.DoesNotContain("qvorkova", await export.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        // The receipt says who erased how much, and not whom.
        var receipt = (await app.AuditOfAsync(third))[^1];
        Assert.Equal(("contact.erased", owner.Id), (receipt.Action, receipt.ActorId!.Value));
        Assert.Equal(erased.GetProperty("webhook_logs").GetInt32(), receipt.Json.GetProperty("webhook_logs").GetInt32());
        // Somebody else's event of the same delivery is still there.
        Assert.Equal(1, await app.QuerySingleAsync<int>("""
            select count(*) from app.webhook_log w join app.webhook_payload p on p.organization_id = w.organization_id and p.log_id = w.id
            where w.organization_id = @organization and w.contact_email = 'else@kept.example' and w.status = 'processed'
            """, new { organization }));
        // So is WhatsApp's status of a message to somebody else.
        Assert.Equal(1, await app.QuerySingleAsync<int>("""
            select count(*)::int from app.webhook_payload p where p.organization_id = @organization and strpos(encode(p.body, 'escape'), '420777555444') > 0
            """, new { organization }));
        Assert.Empty(await CountedRows.WrongCampaignCountersAsync(app, organization));

        await ComeBackAsync(http, endpoint);
    }

    [Fact]
    public async Task Mentions_are_looked_for_in_events_of_every_type_that_is_about_no_contact()
    {
        var function = await app.QuerySingleAsync<string>("select pg_get_functiondef('app.erase_mentions'::regproc)");

        Assert.All(
            EventTypes.All.Where(type => type.Subject != EventSubject.Contact),
            type => Assert.Contains($"'{type.Name}'", function, StringComparison.Ordinal));
    }

    /// <summary>Among many payloads, those of one person: the index finds them, and no other payload is read.</summary>
    [Fact]
    public async Task Payloads_of_a_person_of_WhatsApp_are_found_by_an_index()
    {
        await using var connection = new NpgsqlConnection(app.Database.Owner);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        foreach (var query in new[]
        {
            "select from app.webhook_payload p where p.organization_id = gen_random_uuid() and p.is_private "
            + "and app.whatsapp_people(p.body) && '{1}'",
            "select from app.whatsapp_unrouted u where app.whatsapp_people(u.body) && '{1}'",
        })
        {
            var plan = (await connection.QueryAsync<string>($"set enable_seqscan = off; explain {query}")).ToList();
            Assert.Contains(plan, line => line.Contains("Index Cond", StringComparison.Ordinal) && line.Contains("whatsapp_people(body) &&", StringComparison.Ordinal));
            Assert.DoesNotContain(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal));
        }
    }

    /// <summary>An event creates the contact, further ones bring its names, a reply and a wish. Returns the contact and its lead.</summary>
    private async Task<(Guid Contact, Guid Lead)> ReceiveEventsAsync(HttpClient http, TestUser member, TokenEndpoint endpoint)
    {
        await app.DeliverAsync(endpoint, Deliveries.Event("email_sent", "Zdenka.Q@Erased.example"));
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        var contact = (await http.PageAsync(ContactWorld.Path)).Ids().Single();
        var lead = (await http.PageAsync("/api/v1/leads")).Ids().Single();
        await app.ExecuteAsync("update app.lead set assigned_to = @Id where id = @lead", new { member.Id, lead });
        using (var assigned = await http.PostAsync($"/api/admin/users/{member.Id}/assign-contacts", new { contact_ids = new[] { contact } }))
        {
            Assert.Equal(HttpStatusCode.OK, assigned.StatusCode);
        }
        await app.DeliverAsync(endpoint, Deliveries.Event(
            "reply_received", "zdenka.q@erased.example", ("firstName", "Zdenka"), ("lastName", "Qvorkova"), ("phone", "+420 777 555 333"),
            ("reply_text", "Zdenka Qvorkova here, call +420 777 555 333"), ("reply_subject", "From Zdenka Qvorkova")));
        await app.DeliverAsync(endpoint, Deliveries.Event("lead_unsubscribed", "zdenka.q@erased.example"));
        await app.DeliverAsync(endpoint, Deliveries.Event("brand_new_event_type", "zdenka.q@erased.example"));
        // Several events in one delivery, one of them about somebody else; and events without the person's address as theirs.
        await app.DeliverAsync(
            endpoint.Path,
            $"[{Deliveries.Event("email_opened", "zdenka.q@erased.example")},{Deliveries.Event("email_opened", "else@kept.example")}]",
            ("User-Agent", "Sender 1"));
        await app.DeliverAsync(endpoint, Deliveries.Event("email_sent", null, ("note", "for ZDENKA.Q@erased.example")));
        await app.DeliverAsync(
            endpoint, Deliveries.Event("account_error", null, ("message", "could not deliver to zdenka.q@erased.example")));
        using (var entered = await http.PostAsync(
            "/api/admin/webhooks/logs",
            new { event_type = "email.opened", email = "zdenka.q@erased.example", first_name = "Zdenka", last_name = "Qvorkova" }))
        {
            Assert.Equal(HttpStatusCode.Created, entered.StatusCode);
        }
        return (contact, lead);
    }

    private async Task RejectDeliveriesAsync(TestEndpoint guarded)
    {
        foreach (var body in new[]
        {
            """{"email": "Zdenka.Q@Erased.Example", "first_name": "Zdenka"}""", """{"email": "zdenka.q\u0040erased.example"}""",
            "email=zdenka.q%40erased.example&name=Qvorkova",
        })
        {
            using var rejected = await app.DeliverAsync(guarded with { Mode = "token" }, body);
            Assert.Equal(HttpStatusCode.Unauthorized, rejected.StatusCode);
        }
    }

    /// <summary>People edit the contact and its lead, and hand the lead over.</summary>
    private static async Task EditAsync(HttpClient http, TestUser member, Guid contact, Guid lead)
    {
        using (var edited = await http.PutTextAsync($"{ContactWorld.Path}/{contact}", """
            {"company": "Qvorkova Ltd", "custom_fields": {"nick": "Zdenka"}, "tags": ["Qvorkova"], "linkedin_url": "https://linkedin.com/in/qvorkova", "phone": "+420 777 555 333"}
            """))
        {
            Assert.Equal(HttpStatusCode.OK, edited.StatusCode);
        }
        using (var changed = await http.PutTextAsync($"/api/v1/leads/{lead}", """
            {"company_data": {"ceo": "Zdenka Qvorkova"}, "source_data": {"from": "zdenka.q@erased.example"}, "custom_fields": {"nick": "Zdenka"}, "tags": ["qvorkova"]}
            """))
        {
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        }
        using (var qualified = await http.PostAsync($"/api/v1/leads/{lead}/qualify", new { score = 3, criteria = new { who = "Zdenka" }, notes = "Zdenka Qvorkova wants a call" }))
        {
            Assert.Equal(HttpStatusCode.OK, qualified.StatusCode);
        }
        using (var given = await http.PostAsync($"/api/v1/leads/{lead}/assign", new { user_id = member.Id, notes = "Call Zdenka Qvorkova" }))
        {
            Assert.Equal(HttpStatusCode.OK, given.StatusCode);
        }
    }

    /// <summary>A second contact is merged into the first one, and that into a third. Returns the second and the third.</summary>
    private async Task<(Guid Second, Guid Third)> MergeAsync(HttpClient http, TokenEndpoint endpoint, Guid contact, Guid lead)
    {
        var second = (await http.AddContactAsync("""{"email": "qvorkova@other.example", "first_name": "Zdenka"}""")).GetProperty("id").GetGuid();
        var third = (await http.AddContactAsync("""{"email": "z.qvorkova@third.example", "last_name": "Qvorkova"}""")).GetProperty("id").GetGuid();
        // A lead of the same campaign, which becomes one with the other: afterwards only audit entries name it.
        var campaign = await app.QuerySingleAsync<Guid>("select campaign_id from app.lead where id = @lead", new { lead });
        using (var twin = await http.PostAsync("/api/v1/leads", new { contact_id = second, campaign_id = campaign, company_data = new { ceo = "Qvorkova" } }))
        {
            Assert.Equal(HttpStatusCode.Created, twin.StatusCode);
        }
        await http.MergeAsync(second, contact);
        await http.MergeAsync(contact, third);
        await app.DeliverAsync(endpoint, Deliveries.Event("email_opened", "qvorkova@other.example"));
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        return (second, third);
    }

    /// <summary>Conversations over WhatsApp: one that ended, and one with a message that waits to be sent.</summary>
    private async Task ConverseAsync(HttpClient http, Guid organization, TestUser member, Guid third)
    {
        await app.CreateConversationAsync(organization, third, member.Id, "closed", "420777555333", "Zdenka Q");
        var talk = await app.CreateConversationAsync(
            organization, third, member.Id, peerId: "420777555333", peerName: "Zdenka Q", preview: "Zdenka here");
        await app.CreateMessageAsync(talk, text: "I am Zdenka Qvorkova");
        var waits = await app.CreateMessageAsync(talk, "outbound", "Dear Zdenka", status: "queued");
        await app.ExecuteAsync("""
            update app.message set payload = '{"name": "Zdenka"}' where id = @waits;
            insert into app.message_queue (organization_id, message_id, message_created_at, conversation_id, due_at)
            select m.organization_id, m.id, m.created_at, m.conversation_id, now() + interval '1 hour' from app.message m where m.id = @waits;
            insert into app.message_key (organization_id, key, conversation_id, message_id, message_created_at)
            select m.organization_id, 'client:zdenka', m.conversation_id, m.id, m.created_at from app.message m where m.id = @waits;
            insert into app.contact_external_id (organization_id, source, external_id, contact_id, created_at)
            values (@organization, 'whatsapp', '420777555333', @third, now());
            update app.conversation_assignment set reason = 'Zdenka asked for her' where conversation_id = @talk;
            """, new { organization, waits, third, talk });
        using (var closed = await http.PostAsync($"{ConversationWorld.Path}/{talk}/close", null))
        {
            Assert.Equal(HttpStatusCode.OK, closed.StatusCode);
        }
    }

    /// <summary>
    /// What WhatsApp delivers about the person, and nobody knows whom it concerns: a status of a message that was not sent here, a message
    /// without an id, and one for a number of the account that is not connected.
    /// </summary>
    private async Task ReceiveFromWhatsappAsync(Guid organization)
    {
        var line = await app.CreateWhatsappLineAsync(organization);
        await app.DeliverWhatsappAsync(
            line.Statuses(StatusTo("420777555333"), StatusTo("420777555444")),
            line.Value(new JsonObject { ["messages"] = new JsonArray(new JsonObject { ["from"] = "420777555333", ["type"] = "unknown" }) }),
            (line with { PhoneNumberId = WhatsappDeliveries.NextId() })
                .Messages("420777555333", WhatsappDeliveries.Text("420777555333", "Zdenka here")));
        await app.UntilProcessedAsync(organization);
        Assert.Equal(
            ["whatsapp.other", "whatsapp.status", "whatsapp.status"],
            await app.QueryAsync<string>(
                "select event_type from app.webhook_log where organization_id = @organization and event_source = 'whatsapp' "
                + "and status = 'ignored' order by 1",
                new { organization }));
    }

    /// <summary>The person comes back: under the same address and under a former one.</summary>
    private async Task ComeBackAsync(HttpClient http, TokenEndpoint endpoint)
    {
        await app.DeliverAsync(
            endpoint, Deliveries.Event("email_opened", "zdenka.q@erased.example", ("timestamp", DateTime.UtcNow.ToString("O"))));
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        var returned = (await http.PageAsync($"{ContactWorld.Path}?search=erased.example")).GetProperty("data").EnumerateArray().Single();
        returned.AssertIncludes(
            new
            {
                Email = "zdenka.q@erased.example",
                FirstName = (string?)null,
                Suppression = "unsubscribed",
                Tags = Array.Empty<string>(),
            });
        var byHand = await http.AddContactAsync("""{"email": "QVORKOVA@other.example", "suppression": "none"}""");
        byHand.AssertIncludes(new { Suppression = "unsubscribed" });
        using var withLead = await http.PostAsync("/api/v1/leads", new { email = "z.qvorkova@third.example" });
        (await withLead.DataAsync()).AssertIncludes(new { Contact = new { Suppression = "unsubscribed" } });
    }

    private static JsonObject StatusTo(string recipient)
    {
        var status = WhatsappDeliveries.Status("wamid." + WhatsappDeliveries.NextId(), "delivered");
        status["recipient_id"] = recipient;
        return status;
    }
}
