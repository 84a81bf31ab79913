using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SalesBrain.Core.Assignments;
using SalesBrain.Core.Telemetry;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Processing;
using SalesBrain.Data.Security;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Processing;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Crm;

public sealed class EraseContactTests(CountingApp app) : IClassFixture<CountingApp>
{
    private const string Webhooks = "/api/admin/webhooks";

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

        // An event creates the contact, further ones bring its names, a reply and a wish.
        await app.DeliverAsync(endpoint, Event("email_sent", "Zdenka.Q@Erased.example"));
        await app.UntilProcessedAsync(organization);
        var contact = (await http.PageAsync(ContactWorld.Path)).Ids().Single();
        var lead = (await http.PageAsync("/api/v1/leads")).Ids().Single();
        await app.ExecuteAsync("update app.lead set assigned_to = @Id where id = @lead", new { member.Id, lead });
        using (var assigned = await http.PostAsync($"/api/admin/users/{member.Id}/assign-contacts", new { contact_ids = new[] { contact } }))
        {
            Assert.Equal(HttpStatusCode.OK, assigned.StatusCode);
        }
        await app.DeliverAsync(endpoint, Event(
            "reply_received", "zdenka.q@erased.example", ("firstName", "Zdenka"), ("lastName", "Qvorkova"), ("phone", "+420 777 555 333"),
            ("reply_text", "Zdenka Qvorkova here, call +420 777 555 333"), ("reply_subject", "From Zdenka Qvorkova")));
        await app.DeliverAsync(endpoint, Event("lead_unsubscribed", "zdenka.q@erased.example"));
        await app.DeliverAsync(endpoint, Event("brand_new_event_type", "zdenka.q@erased.example"));
        // Several events in one delivery, one of them about somebody else; and events without the person's address as theirs.
        await app.DeliverAsync(
            endpoint.Path, $"[{Event("email_opened", "zdenka.q@erased.example")},{Event("email_opened", "else@kept.example")}]",
            ("User-Agent", "Sender 1"));
        await app.DeliverAsync(endpoint, Event("email_sent", null, ("note", "for ZDENKA.Q@erased.example")));
        await app.DeliverAsync(endpoint, Event("account_error", null, ("message", "could not deliver to zdenka.q@erased.example")));
        using (var entered = await http.PostAsync($"{Webhooks}/logs", new { event_type = "email.opened", email = "zdenka.q@erased.example", first_name = "Zdenka", last_name = "Qvorkova" }))
        {
            Assert.Equal(HttpStatusCode.Created, entered.StatusCode);
        }
        foreach (var body in new[]
        {
            """{"email": "Zdenka.Q@Erased.Example", "first_name": "Zdenka"}""", """{"email": "zdenka.q\u0040erased.example"}""",
            "email=zdenka.q%40erased.example&name=Qvorkova",
        })
        {
            using var rejected = await app.DeliverAsync(guarded with { Mode = "token" }, body);
            Assert.Equal(HttpStatusCode.Unauthorized, rejected.StatusCode);
        }
        await app.UntilProcessedAsync(organization);

        // People edit, also the lead, and merge a second contact into it and it into a third.
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
        var second = (await http.AddContactAsync("""{"email": "qvorkova@other.example", "first_name": "Zdenka"}""")).GetProperty("id").GetGuid();
        var third = (await http.AddContactAsync("""{"email": "z.qvorkova@third.example", "last_name": "Qvorkova"}""")).GetProperty("id").GetGuid();
        // A lead of the same campaign, which becomes one with the other: afterwards only audit entries name it.
        var campaign = await app.QuerySingleAsync<Guid>("select campaign_id from app.lead where id = @lead", new { lead });
        using (var twin = await http.PostAsync("/api/v1/leads", new { contact_id = second, campaign_id = campaign, company_data = new { ceo = "Qvorkova" } }))
        {
            Assert.Equal(HttpStatusCode.Created, twin.StatusCode);
        }
        await MergeAsync(http, second, contact);
        await MergeAsync(http, contact, third);
        await app.DeliverAsync(endpoint, Event("email_opened", "qvorkova@other.example"));
        await app.UntilProcessedAsync(organization);
        // Conversations over WhatsApp: one that ended, and one with a message that waits to be sent.
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
        // What WhatsApp delivered about the person, and nobody knows whom it concerns: a status of a message that was not sent here, a
        // message without an id, and one for a number of the account that is not connected.
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
        string[] person = ["zdenka", "qvorkova", "777 555 333", "777555333", "erased.example", "third.example"];
        var before = await SearchAsync(person);
        // The test would prove little if the person were in few places.
        Assert.Superset(
            new HashSet<string> { "activity", "audit_log", "contact", "contact_former_email", "lead", "notification", "webhook_log", "webhook_payload", "webhook_rejection",
                "conversation", "conversation_assignment", "whatsapp_unrouted", "message", "message_key", "contact_external_id" },
            before.Select(place => place.Table).ToHashSet());

        using var response = await http.DeleteAsync($"{ContactWorld.Path}/{third}");

        var erased = await response.DataAsync();
        Assert.True(
            erased.GetProperty("leads").GetInt32() > 0 && erased.GetProperty("activities").GetInt32() > 0
                && erased.GetProperty("notifications").GetInt32() > 0);
        Assert.True(erased.GetProperty("audit_entries").GetInt32() > 0 && erased.GetProperty("mentions").GetInt64() >= 5);
        Assert.Empty((await SearchAsync(person)).Select(place => place.ToString()));
        Assert.Equal(2, erased.GetProperty("conversations").GetInt32());
        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.message_queue where organization_id = @organization", new { organization }));
        foreach (var id in new[] { contact, second, third })
        {
            using var gone = await http.GetAsync($"{ContactWorld.Path}/{id}");
            await gone.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
        using var export = await http.GetAsync($"{Webhooks}/logs/export?format=json");
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
        await AssertCountersAsync(organization);

        // The person comes back: under the same address and under a former one.
        await app.DeliverAsync(endpoint, Event("email_opened", "zdenka.q@erased.example", ("timestamp", DateTime.UtcNow.ToString("O"))));
        await app.UntilProcessedAsync(organization);
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

    [Fact]
    public async Task Events_that_wait_or_failed_are_ignored_and_cannot_be_retried()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        using var http = app.As(owner);
        var contact = await app.CreatePersonAsync(organization, "waits@acme.example");
        var logs = new List<Guid>();
        foreach (var status in new[] { "pending", "failed", "dead", "processed" })
        {
            logs.Add(await app.CreateWebhookLogAsync(
                organization, status, contactEmail: "waits@acme.example", contactId: contact, dueAt: DateTime.UtcNow.AddHours(1),
                errorCode: status is "failed" or "dead" ? "processing_failed" : null, body: """{"email": "waits@acme.example"}"""));
        }

        using var erased = await http.DeleteAsync($"{ContactWorld.Path}/{contact}");

        Assert.Equal(4, (await erased.DataAsync()).GetProperty("webhook_logs").GetInt32());
        var rows = await app.QueryJsonAsync("""
            select w.status, w.error_code, w.contact_email, w.contact_id, w.due_at,
                exists (select from app.webhook_payload p where p.log_id = w.id) as has_payload
            from app.webhook_log w where w.organization_id = @organization order by w.created_at
            """, new { organization });
        for (var i = 0; i < 4; i++)
        {
            rows[i].AssertIncludes(new
            {
                Status = i == 3 ? "processed" : "ignored",
                ErrorCode = i == 3 ? null : WebhookFailures.ContactErased.Code,
                ContactEmail = (string?)null,
                ContactId = (Guid?)null,
                DueAt = (DateTime?)null,
                HasPayload = false,
            });
        }
        foreach (var log in logs)
        {
            using var retried = await http.PostAsync($"{Webhooks}/logs/{log}/retry", new { force = true });
            await retried.ProblemAsync(HttpStatusCode.Conflict, "webhook_payload_gone");
        }
    }

    /// <summary>Stored after the erasure, but received before: as if a commit had been slow.</summary>
    [Fact]
    public async Task Event_that_was_received_before_the_erasure_does_not_bring_the_person_back()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        using var http = app.As(owner);
        var contact = await app.CreatePersonAsync(organization, "late@acme.example");
        using var erased = await http.DeleteAsync($"{ContactWorld.Path}/{contact}");
        await erased.DataAsync();
        var body = Event("email_sent", "late@acme.example");
        var late = await app.CreateWebhookLogAsync(
            organization, "pending", contactEmail: "late@acme.example", createdAt: DateTimeOffset.UtcNow.AddSeconds(-30),
            dueAt: DateTime.UtcNow.AddSeconds(-1), body: body);
        var other = await app.CreateWebhookLogAsync(
            organization, "pending", contactEmail: "other@acme.example", createdAt: DateTimeOffset.UtcNow.AddSeconds(-30),
            dueAt: DateTime.UtcNow.AddSeconds(-1), body: Event("email_sent", "other@acme.example"));
        await app.Services.GetRequiredService<WebhookProcessor>().ProcessBatchAsync(CancellationToken.None);
        await app.UntilProcessedAsync(organization);

        Assert.Equal(
            ["other@acme.example"],
            await app.QueryAsync<string>("select email from app.contact where organization_id = @organization", new { organization }));
        Assert.Equal(
            [("ignored", false)],
            await app.QueryAsync<(string, bool)>(
                "select w.status, exists (select from app.webhook_payload p where p.log_id = w.id) from app.webhook_log w "
                + "where w.id = @late",
                new { late }));
        Assert.Equal(
            "processed", await app.QuerySingleAsync<string>("select status from app.webhook_log where id = @other", new { other }));
    }

    [Fact]
    public async Task Erasing_while_webhooks_of_the_person_arrive_leaves_only_what_came_later()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        using var http = app.As(owner);
        var endpoint = await app.CreateTokenEndpointAsync(organization);
        var others = Enumerable.Range(0, 5).Select(i => $"other{i}@acme.example").ToArray();

        var erasures = 0;
        await Task.WhenAll(
            Parallel.ForEachAsync(Enumerable.Range(0, 120), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, _) =>
                await app.DeliverAsync(endpoint, Event(
                    "email_sent", n % 2 == 0 ? "again@acme.example" : others[n % 5],
                    ("timestamp", DateTime.UtcNow.AddSeconds(n).ToString("O")), ("campaign_id", $"c{n % 3}")))),
            Task.Run(async () =>
            {
                for (var i = 0; i < 12; i++)
                {
                    foreach (var id in (await http.PageAsync($"{ContactWorld.Path}?search=again@")).Ids())
                    {
                        using var response = await http.DeleteAsync($"{ContactWorld.Path}/{id}");
                        Assert.True(
                            response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.Conflict,
                            $"{response.StatusCode}");
                        erasures += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
                    }
                    await Task.Delay(20);
                }
            }));
        await app.UntilProcessedAsync(organization);

        Assert.True(erasures > 0);
        var facts = await app.QuerySingleJsonAsync("""
            select (select count(*) from app.webhook_attempt where organization_id = @organization) as failures,
                (select count(*) from app.webhook_log where organization_id = @organization and status not in ('processed', 'ignored')) as unfinished,
                (select count(*) from app.activity a join app.contact k on k.id = a.contact_id where a.organization_id = @organization and k.email <> 'again@acme.example') as of_others,
                (select count(*) from app.activity a where a.organization_id = @organization and a.contact_id is null) as of_nobody
            """, new { organization });
        facts.AssertIncludes(new { Failures = 0, Unfinished = 0, OfOthers = 60, OfNobody = 0 });
        await AssertCountersAsync(organization);
        foreach (var id in (await http.PageAsync($"{ContactWorld.Path}?search=again@")).Ids())
        {
            using var last = await http.DeleteAsync($"{ContactWorld.Path}/{id}");
            await last.DataAsync();
        }
        Assert.Empty(await SearchAsync(["again@acme.example"]));
    }

    /// <summary>The erasure has done everything but commit when the person comes back in each way.</summary>
    [Fact]
    public async Task Person_who_comes_back_while_they_are_erased_starts_anew_and_stays_suppressed()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        using var http = app.As(owner);
        var endpoint = await app.CreateTokenEndpointAsync(organization);
        string[] addresses = ["contact@acme.example", "lead@acme.example", "event@acme.example", "edit@acme.example"];
        var old = new List<Guid>();
        foreach (var address in addresses)
        {
            old.Add(await app.CreatePersonAsync(organization, address, lastName: "Old", suppression: "unsubscribed"));
        }
        var other = await app.CreatePersonAsync(organization, "other@acme.example");
        var hashes = await app.Services.GetRequiredService<AddressHashKeys>().GetAsync(CancellationToken.None);
        await using var connection = new NpgsqlConnection(app.Database.Platform);
        await connection.OpenAsync();
        await using var erasure = await connection.BeginTransactionAsync();
        foreach (var (address, id) in addresses.Zip(old))
        {
            await connection.ExecuteAsync("select app.erase_contact(@organization, @id, 1, array[@address], array[@hash], @at)", new
            {
                organization,
                id,
                address,
                hash = hashes.Create(organization, address),
                at = DateTime.UtcNow,
            });
        }

        var contact = http.AddContactAsync("""{"email": "contact@acme.example"}""");
        var lead = http.PostAsync("/api/v1/leads", new { email = "lead@acme.example" });
        await app.DeliverAsync(endpoint, Event("email_sent", "event@acme.example"));
        var edit = http.PutTextAsync($"{ContactWorld.Path}/{other}", """{"email": "edit@acme.example"}""");
        await using var server = new NpgsqlConnection(TestCluster.Current.SuperuserConnectionString);
        while (await server.QuerySingleAsync<int>(
            "select count(*)::int from pg_stat_activity where datname = @Database and wait_event_type = 'Lock'", new { connection.Database }) < 4)
        {
            Assert.False(contact.IsCompleted || lead.IsCompleted || edit.IsCompleted);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        await erasure.CommitAsync();

        (await contact).AssertIncludes(new { Suppression = "unsubscribed" });
        (await (await lead).DataAsync()).AssertIncludes(new { Contact = new { Suppression = "unsubscribed" } });
        (await (await edit).DataAsync()).AssertIncludes(new { Email = "edit@acme.example", Suppression = "unsubscribed" });
        await app.UntilProcessedAsync(organization);
        var contacts = (await app.QueryJsonAsync("""
            select k.id, k.email, k.last_name, k.suppression from app.contact k where k.organization_id = @organization order by k.email
            """, new { organization })).EnumerateArray().ToList();
        Assert.Equal(addresses.Order(StringComparer.Ordinal), contacts.Select(row => row.GetProperty("email").GetString()!));
        Assert.All(contacts, row => row.AssertIncludes(new { Suppression = "unsubscribed", LastName = (string?)null }));
        Assert.DoesNotContain(contacts, row => old.Contains(row.GetProperty("id").GetGuid()));
    }

    /// <summary>The key is read once per process; comparing costs no statement of its own.</summary>
    [Fact]
    public async Task Event_costs_as_many_statements_whether_or_not_the_organization_has_erased_anybody()
    {
        var (quiet, erasing) = (await app.CreateUserAsync("owner"), await app.CreateUserAsync("owner"));
        using var http = app.As(erasing);
        using var erased = await http.DeleteAsync(
            $"{ContactWorld.Path}/{await app.CreatePersonAsync(erasing.OrganizationId!.Value, "x@acme.example")}");
        await erased.DataAsync();
        var counts = new List<IReadOnlyList<string>>();
        foreach (var user in new[] { quiet, erasing })
        {
            var organization = user.OrganizationId!.Value;
            var log = await app.CreateWebhookLogAsync(
                organization, "pending", contactEmail: "new@acme.example", dueAt: DateTime.UtcNow.AddHours(1),
                body: Event("email_sent", "new@acme.example"));
            await app.ExecuteAsync("update app.webhook_log set due_at = now() + interval '1 hour' where id = @log", new { log });
            var processor = new WebhookProcessor(
                app.Services.GetRequiredService<SalesBrainDatabase>(), app.Services.GetRequiredService<AssignmentSignal>(),
                app.Services.GetRequiredService<AddressHashKeys>(), app.Services.GetRequiredService<WebhookMetrics>(),
                new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(2)), NullLogger<WebhookProcessor>.Instance);
            counts.Add(await app.StatementsAsync(() => processor.ProcessOneAsync(organization, log, CancellationToken.None)));
            Assert.Equal(
                "processed", await app.QuerySingleAsync<string>("select status from app.webhook_log where id = @log", new { log }));
        }

        Assert.NotEmpty(counts[0]);
        Assert.Equal(counts[0], counts[1]);
        Assert.DoesNotContain(counts[1], statement => statement.Contains("address_hash_key", StringComparison.Ordinal));
        // The claim, the payload and the effects.
        Assert.Equal(3, counts[1].Count(statement => !statement.StartsWith("begin", StringComparison.OrdinalIgnoreCase) && !statement.StartsWith("commit", StringComparison.OrdinalIgnoreCase)
            && new[] { "for update", "from unnest($1, $2, $3, $4) as l", "app.apply_webhook_events($1" }.Any(
                part => statement.Contains(part, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Contacts_of_other_organizations_are_not_found()
    {
        var (owner, stranger) = (await app.CreateUserAsync("owner"), await app.CreateUserAsync("owner"));
        var contact = await app.CreatePersonAsync(owner.OrganizationId!.Value, "mine@acme.example");
        using var http = app.As(stranger);

        using var erased = await http.DeleteAsync($"{ContactWorld.Path}/{contact}");
        using var exported = await http.GetAsync($"{ContactWorld.Path}/{contact}/export");
        using var platform = app.As(await app.CreateUserAsync("sb_admin"));
        using var byPlatform = await platform.DeleteAsync($"{ContactWorld.Path}/{contact}");

        await erased.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        await exported.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        await byPlatform.DataAsync();
        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*) from app.contact where id = @contact", new { contact }));
    }

    [Fact]
    public async Task Stricter_suppression_is_kept_over_several_erasures_and_counts_for_a_changed_address_too()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        using var http = app.As(owner);
        foreach (var suppression in new[] { "unsubscribed", "none" })
        {
            // Straight in the database, so the second contact is not suppressed.
            using var erased = await http.DeleteAsync(
                $"{ContactWorld.Path}/{await app.CreatePersonAsync(organization, "twice@acme.example", suppression: suppression)}");
            await erased.DataAsync();
        }
        var other = await app.CreatePersonAsync(organization, "other@acme.example");

        using var changed = await http.PutTextAsync($"{ContactWorld.Path}/{other}", """{"email": "twice@acme.example"}""");
        var elsewhere = app.As(await app.CreateUserAsync("owner"));

        (await changed.DataAsync()).AssertIncludes(new { Suppression = "unsubscribed" });
        (await elsewhere.AddContactAsync("""{"email": "twice@acme.example"}""")).AssertIncludes(new { Suppression = "none" });
        Assert.Equal(1, await app.QuerySingleAsync<int>(
            "select count(*) from app.erased_contact where organization_id = @organization", new { organization }));
    }

    [Fact]
    public async Task Contact_without_an_address_is_erased_and_nothing_is_kept()
    {
        var owner = await app.CreateUserAsync("owner");
        using var http = app.As(owner);
        var contact = await app.CreatePersonAsync(owner.OrganizationId!.Value, lastName: "Nameless");

        using var first = await http.DeleteAsync($"{ContactWorld.Path}/{contact}");
        using var second = await http.DeleteAsync($"{ContactWorld.Path}/{contact}");

        (await first.DataAsync()).AssertIncludes(new { Id = contact, Leads = 0, Mentions = 0 });
        await second.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(
            0, await app.QuerySingleAsync<int>("select count(*) from app.erased_contact where organization_id = @OrganizationId", owner));
    }

    [Fact]
    public async Task Erasing_an_older_version_is_refused_and_of_several_at_once_one_succeeds()
    {
        var owner = await app.CreateUserAsync("owner");
        using var http = app.As(owner);
        var contact = await app.CreatePersonAsync(owner.OrganizationId!.Value, "v@acme.example");
        using var shown = await http.GetAsync($"{ContactWorld.Path}/{contact}");
        using var edit = await http.PutTextAsync($"{ContactWorld.Path}/{contact}", """{"city": "Rome"}""");

        using var old = await http.SendAsync(HttpMethod.Delete, $"{ContactWorld.Path}/{contact}", ifMatch: shown.Headers.ETag!.ToString());
        await old.ProblemAsync(HttpStatusCode.PreconditionFailed, "changed_meanwhile");
        var statuses = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            using var response = await http.DeleteAsync($"{ContactWorld.Path}/{contact}");
            return response.StatusCode;
        }));

        Assert.Equal(1, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(5, statuses.Count(status => status == HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Users_who_have_the_address_keep_their_audit_entries()
    {
        var owner = await app.CreateUserAsync("owner");
        using var http = app.As(owner);
        using var invited = await http.PostAsync(CrmWorld.Users, new { email = "both@acme.example", role = "member" });
        var user = (await invited.DataAsync()).GetProperty("id").GetGuid();
        var contact = await app.CreatePersonAsync(owner.OrganizationId!.Value, "both@acme.example");

        using var erased = await http.DeleteAsync($"{ContactWorld.Path}/{contact}");

        await erased.DataAsync();
        Assert.Contains("both@acme.example", (await app.AuditOfAsync(user))[0].Changes, StringComparison.Ordinal);
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

    private static JsonObject StatusTo(string recipient)
    {
        var status = WhatsappDeliveries.Status("wamid." + WhatsappDeliveries.NextId(), "delivered");
        status["recipient_id"] = recipient;
        return status;
    }

    private static async Task MergeAsync(HttpClient http, Guid merged, Guid survivor)
    {
        using var response = await http.PostAsync($"{ContactWorld.Path}/{merged}/merge", new { into = survivor });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static string Event(string type, string? email, params (string Name, string Value)[] more) => Deliveries.Fixture(
        "email_sent", [("event_type", type), ("lead_email", email), ("email", null), .. more.Select(member => (member.Name, (System.Text.Json.Nodes.JsonNode?)member.Value))]);

    private async Task AssertCountersAsync(Guid organization) => Assert.Equal(
        await app.QueryAsync<(Guid, long, long)>("""
            select campaign_id, count(*), sum(sent_count + opened_count + replied_count) from app.lead
            where organization_id = @organization and deleted_at is null and campaign_id is not null group by campaign_id order by campaign_id
            """, new { organization }),
        await app.QueryAsync<(Guid, long, long)>("""
            select campaign_id, sum(leads)::bigint, sum(contacted + opened + replied)::bigint from app.campaign_counter
            where organization_id = @organization group by campaign_id having sum(leads) > 0 order by campaign_id
            """, new { organization }));

    /// <summary>Dumps the database, and finds the rows that have one of the texts: plain, or as the bytes of a payload.</summary>
    private async Task<IReadOnlyList<Place>> SearchAsync(string[] texts)
    {
        var needles = texts.SelectMany(SpellingsOf).Distinct().ToArray();
        var file = Path.Combine(Path.GetTempPath(), $"salesbrain-dump-{Guid.NewGuid():N}.sql");
        try
        {
            await PostgresTools.RunAsync(
                "pg_dump", app.Database.Owner, "--enable-row-security", "--data-only", "--load-via-partition-root", $"--file={file}");
            var (places, table) = (new List<Place>(), "");
            await foreach (var line in File.ReadLinesAsync(file))
            {
                table = line.StartsWith("COPY app.", StringComparison.Ordinal) ? line["COPY app.".Length..line.IndexOf(' ', 6)] : table;
                if (needles.FirstOrDefault(needle => line.Contains(needle.Text, needle.Comparison)) is { Text: { } found })
                {
                    places.Add(new(table, found, line.Length <= 400 ? line : line[..400]));
                }
            }
            return places;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>
    /// A text as it is, percent-encoded and in JSON; and the hexadecimal digits and the Base64 of its bytes, in lower, upper and title
    /// case. Base64 wherever in a group of three bytes the text begins, without the digits that depend on the bytes around it.
    /// </summary>
    private static IEnumerable<(string Text, StringComparison Comparison)> SpellingsOf(string text)
    {
        yield return (text, StringComparison.OrdinalIgnoreCase);
        yield return (Uri.EscapeDataString(text), StringComparison.OrdinalIgnoreCase);
        yield return (text.Replace("@", "\\u0040", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        foreach (var cased in new[] { text, text.ToUpperInvariant(), string.Join(' ', text.Split(' ').Select(word => char.ToUpperInvariant(word[0]) + word[1..])) })
        {
            yield return (Convert.ToHexStringLower(Encoding.UTF8.GetBytes(cased)), StringComparison.OrdinalIgnoreCase);
            for (var before = 0; before < 3; before++)
            {
                byte[] bytes = [.. new byte[before], .. Encoding.UTF8.GetBytes(cased)];
                var digits = Convert.ToBase64String(bytes, 0, bytes.Length / 3 * 3)[(before == 0 ? 0 : 4)..];
                if (digits.Length >= 8)
                {
                    yield return (digits, StringComparison.Ordinal);
                }
            }
        }
    }

    private sealed record Place(string Table, string Needle, string Line);
}
