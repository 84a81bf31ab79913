using System.Net;
using SalesBrain.Core.Webhooks.Processing;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

/// <summary>Who may erase which contact, and what the response and the database say afterwards.</summary>
public sealed class EraseContactTests(TestApp app)
{
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
            using var retried = await http.PostAsync($"/api/admin/webhooks/logs/{log}/retry", new { force = true });
            await retried.ProblemAsync(HttpStatusCode.Conflict, "webhook_payload_gone");
        }
    }
}
