using System.Net;
using System.Text.Json;
using SalesBrain.Functions.Crm;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Crm;

public sealed class ExportContactTests(TestApp app)
{
    [Fact]
    public async Task File_has_everything_about_the_person_and_nothing_about_others()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var member = await app.CreateUserAsync("member", organization);
        using var http = app.As(owner);
        var endpoint = await app.CreateTokenEndpointAsync(organization);
        await app.DeliverAsync(
            endpoint, Deliveries.Event("email_sent", "ann@acme.example", ("campaign_id", "c1")));
        await app.UntilProcessedAsync(organization);
        var former = (await http.PageAsync(ContactWorld.Path)).Ids().Single();
        await app.ExecuteAsync(
            "update app.lead set assigned_to = @Id where organization_id = @organization", new { member.Id, organization });
        await app.DeliverAsync(
            endpoint,
            Deliveries.Fixture(
                "reply_received", ("lead_email", "ann@acme.example"), ("email", null), ("campaign_id", "c1"),
                ("reply_text", "half a pair: \ud83d")));
        await app.DeliverAsync(endpoint, Deliveries.Event("email_sent", "bob@acme.example"));
        await app.UntilProcessedAsync(organization);
        var contact = (await http.AddContactAsync("""{"email": "ann@new.example", "custom_fields": {"Size": "XL"}}""")).GetProperty("id").GetGuid();
        using (var assigned = await http.PostAsync($"/api/admin/users/{member.Id}/assign-contacts", new { contact_ids = new[] { contact } }))
        {
            Assert.Equal(HttpStatusCode.OK, assigned.StatusCode);
        }
        using (var merged = await http.PostAsync($"{ContactWorld.Path}/{former}/merge", new { into = contact }))
        {
            Assert.Equal(HttpStatusCode.OK, merged.StatusCode);
        }
        var deleted = await app.CreateLeadAsync(organization, contact);
        await app.ExecuteAsync("update app.lead set deleted_at = now() where id = @deleted", new { deleted });
        var conversation = await app.CreateConversationAsync(organization, contact, peerId: "4917055501", peerName: "Ann");
        await app.CreateMessageAsync(conversation, text: "What is kept of me?");
        await app.CreateMessageAsync(await app.CreateConversationAsync(organization), text: "From bob@acme.example");
        // A body that is not UTF-8.
        var binary = await app.CreateWebhookLogAsync(organization, contactId: contact, body: null);
        await app.AddWebhookPayloadAsync(organization, binary, [0xFF, 0x00]);

        // Neither is about the person, but both name a former address.
        await app.DeliverAsync(
            endpoint,
            Deliveries.Fixture(
                "email_sent", ("event_type", "account_error"), ("lead_email", null), ("email", null),
                ("message", "not delivered to ANN@acme.example")));
        var guarded = await app.CreateEndpointAsync(organization, mode: "header");
        foreach (var body in new[] { """{"email": "ann\u0040acme.example"}""", """{"email": "bob@acme.example"}""" })
        {
            using var rejected = await app.DeliverAsync(guarded with { Mode = "token" }, body);
            Assert.Equal(HttpStatusCode.Unauthorized, rejected.StatusCode);
        }
        await app.UntilProcessedAsync(organization);

        using var response = await http.GetAsync($"{ContactWorld.Path}/{contact}/export");

        Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
        Assert.StartsWith($"contact_{contact}_", response.Content.Headers.ContentDisposition.FileName, StringComparison.Ordinal);
        var text = await response.Content.ReadAsStringAsync();
        var file = JsonElement.Parse(text);
        Assert.Equal(
            typeof(ContactExport).GetProperties().Select(member => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name)),
            file.EnumerateObject().Select(member => member.Name));
        file.AssertIncludes(new
        {
            Contact = new { Id = contact, Email = "ann@new.example" },
            FormerAddresses = new[] { "ann@acme.example" },
            MergedContacts = new[] { new { Id = former } },
            Assignments = new[] { new { UserId = member.Id } },
            Conversations = new[]
            {
                new { Id = conversation, PeerId = "4917055501", PeerName = "Ann", Assignments = Array.Empty<object>() },
            },
            Messages = new[] { new { ConversationId = conversation, Text = "What is kept of me?", Direction = "inbound" } },
        });
        Assert.Equal(2, file.GetProperty("leads").GetArrayLength());
        Assert.All(
            file.GetProperty("leads").EnumerateArray(),
            lead => Assert.Equal("new", lead.GetProperty("status_changes")[0].GetProperty("status").GetString()));
        Assert.Equal(2, file.GetProperty("activities").GetArrayLength());
        Assert.NotEmpty(file.GetProperty("notifications").EnumerateArray());
        var logs = file.GetProperty("webhook_logs").EnumerateArray().ToList();
        Assert.Equal(3, logs.Count);
        Assert.Contains("ann@acme.example", logs[0].GetProperty("payload").GetProperty("body_text").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Object, logs[0].GetProperty("payload").GetProperty("headers").ValueKind);
        Assert.Equal("/wA=", logs[2].GetProperty("payload").GetProperty("body_base64").GetString());
        Assert.Equal(
            ["contact.created", "contact.merged", "contact.merged", "contact.exported"],
            file.GetProperty("audit_entries").EnumerateArray().Select(entry => entry.GetProperty("action").GetString()!));
        Assert.Contains("ANN@acme", Assert.Single(file.GetProperty("webhook_mentions").EnumerateArray()).GetProperty("payload").GetProperty("body_text").GetString(), StringComparison.Ordinal);
        Assert.Single(file.GetProperty("webhook_rejections").EnumerateArray()).AssertIncludes(
            new { Rejection = new { Cause = "bad_secret" }, Payload = new { BodyText = """{"email": "ann\u0040acme.example"}""" } });
        Assert.DoesNotContain("bob@acme.example", text, StringComparison.Ordinal);
        Assert.DoesNotContain("search_text", text, StringComparison.Ordinal);
        Assert.Equal("contact.exported", (await app.AuditOfAsync(contact))[^1].Action);
    }

    [Fact]
    public async Task Long_histories_are_complete_and_in_order()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var lead = await app.CreateLeadAsync(organization);
        var contact = await app.ContactOfAsync(lead);
        await app.ExecuteAsync("""
            insert into app.activity (organization_id, webhook_log_id, activity_type, contact_id, lead_id, occurred_at, created_at)
            select @organization, gen_random_uuid(), 'email.sent', @contact, @lead, timestamptz '2026-01-01Z' + n / 3 * interval '1 minute', now()
            from generate_series(1, 1203) n
            """, new { organization, contact, lead });
        for (var i = 0; i < 43; i++)
        {
            await app.CreateWebhookLogAsync(organization, contactId: contact);
        }
        using var http = app.As(owner);

        using var response = await http.GetAsync($"{ContactWorld.Path}/{contact}/export");

        var file = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Guid[] Ids(string member, Func<JsonElement, JsonElement> row) =>
            [.. file.GetProperty(member).EnumerateArray().Select(item => row(item).GetProperty("id").GetGuid())];
        Assert.Equal(
            await app.QueryAsync<Guid>("select id from app.activity where contact_id = @contact order by occurred_at, id", new { contact }),
            Ids("activities", row => row));
        Assert.Equal(
            await app.QueryAsync<Guid>(
                "select id from app.webhook_log where organization_id = @organization order by created_at, id", new { organization }),
            Ids("webhook_logs", row => row.GetProperty("log")));
    }

    [Fact]
    public async Task Former_id_redirects_and_contact_without_anything_has_an_empty_file()
    {
        var owner = await app.CreateUserAsync("owner");
        var (former, contact) = (await app.CreatePersonAsync(owner.OrganizationId!.Value), await app.CreatePersonAsync(owner.OrganizationId!.Value));
        using var http = app.As(owner);
        using var merged = await http.PostAsync($"{ContactWorld.Path}/{former}/merge", new { into = contact });
        var bare = await app.CreatePersonAsync(owner.OrganizationId!.Value);

        using var moved = await http.GetAsync($"{ContactWorld.Path}/{former}/export");
        using var empty = await http.GetAsync($"{ContactWorld.Path}/{bare}/export");

        Assert.Equal(
            (HttpStatusCode.MovedPermanently, $"{ContactWorld.Path}/{contact}/export"),
            (moved.StatusCode, moved.Headers.Location!.ToString()));
        JsonElement.Parse(await empty.Content.ReadAsStringAsync())
            .AssertIncludes("""{"leads": [], "activities": [], "webhook_logs": [], "notifications": []}""");
    }
}
