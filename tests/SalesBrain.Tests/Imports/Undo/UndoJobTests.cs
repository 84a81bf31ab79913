using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Data.Sessions;
using SalesBrain.Integrations;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Imports.Undo;

/// <summary>What undoing a job takes back, restores and keeps.</summary>
[Collection(ImportApp.Collection)]
public sealed class UndoJobTests(ImportApp app)
{
    [Fact]
    public async Task Undone_import_leaves_no_trace_but_the_audit_entry()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        await app.ExecuteAsync(
            "insert into app.assignment_ruleset (organization_id, assign_new_contacts) values (@organization, true)", new { organization });
        var campaign = await app.CreateCampaignAsync(organization);
        await app.CreateLeadAsync(organization, campaignId: campaign);
        using var client = app.As(owner);
        var source = await SourceAsync(organization, People(25));
        var before = await app.TracesAsync(organization);

        var job = await client.AddJobAsync(new { data_source_id = source, campaign_id = campaign, start = true });
        await app.WaitForAsync(job, "completed", "failed");
        // As the timer assigns new contacts that wait.
        var contacts = await app.QueryAsync<Guid>("select contact_id from app.import_job_row where job_id = @job", new { job });
        await app.Services.GetRequiredService<SalesBrainDatabase>().AutoCommitPlatform().ExecuteAsync(
            "select app.assign_contacts(@organization, @contacts, null, null, now())", new { organization, contacts = contacts.ToArray() },
            CancellationToken.None);
        var imported = await app.TracesAsync(organization);
        Assert.NotEqual(before, imported);

        var preview = await client.UndoAsync(job, dryRun: true);
        Assert.Equal(imported, await app.TracesAsync(organization));
        var undone = await client.UndoAsync(job);
        Assert.Equal(before, await app.TracesAsync(organization));
        foreach (var response in new[] { preview, undone })
        {
            response.AssertIncludes(new { reversed = 25, contacts = 25, restored = 0, kept = 0, complete = true });
            Assert.Empty(response.Items());
        }
        (await client.UndoAsync(job)).AssertIncludes(new { reversed = 25, contacts = 25, restored = 0, kept = 0, complete = true });

        var audit = await app.AuditOfAsync(job);
        var entry = Assert.Single(audit, row => row.Action.StartsWith("import_job.undo", StringComparison.Ordinal));
        Assert.Equal(("import_job.undo", owner.Id), (entry.Action, entry.ActorId));
        Assert.Contains("\"reversed\": 25", entry.Changes, StringComparison.Ordinal);
        var told = await app.QueryAsync<string>("""
            select channel || ' ' || kind from app.live_event where organization_id = @organization and (channel = 'lead_change' and kind = 'deleted'
                or channel = 'job_status_change' and data ->> 'undone_at' is not null or channel = 'data_source_change' and (data ->> 'leads_created')::int = 0)
            """, new { organization });
        Assert.Contains("lead_change deleted", told);
        Assert.Contains("job_status_change updated", told);
        Assert.Contains("data_source_change updated", told);
    }

    [Fact]
    public async Task What_was_worked_on_is_kept_with_the_reason()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var campaign = await app.CreateCampaignAsync(organization);
        var other = await app.CreateCampaignAsync(organization);
        var job = await app.CreateImportedJobAsync(organization, campaign, 16);
        using var client = app.As(owner);
        var (leads, contacts) = await app.ImportedAsync(job, 16);
        Assert.Equal(16, await app.QuerySingleAsync<int>("select count(*)::int from app.lead where id = any (@leads)", new { leads }));

        await app.CreateActivityAsync(leads[1], DateTime.UtcNow);
        await SendAsync(client, HttpMethod.Put, $"/api/v1/leads/{leads[2]}", """{"priority": "high"}""");
        await SendAsync(client, HttpMethod.Put, $"/api/v1/leads/{leads[3]}", """{"status": "contacted"}""");
        await SendAsync(client, HttpMethod.Put, $"/api/v1/contacts/{contacts[4]}", """{"company": "Acme"}""");
        await app.ExecuteAsync("update app.lead set assigned_to = @Id where id = @lead", new { owner.Id, lead = leads[5] });
        await app.ExecuteAsync("""
            insert into app.user_contact_assignment (organization_id, user_id, contact_id, assigned_by) values (@organization, @Id, @contact, @Id)
            """, new { organization, owner.Id, contact = contacts[6] });
        await app.ExecuteAsync("update app.lead set deleted_at = now() where id = @lead", new { lead = leads[7] });
        await client.SendAsync(HttpMethod.Post, $"/api/v1/contacts/{contacts[8]}/merge", $$"""{"into": "{{contacts[9]}}"}""");
        await app.ExecuteAsync(
            "insert into app.lead (organization_id, contact_id, campaign_id) values (@organization, @contact, @other)",
            new { organization, contact = contacts[10], other });
        await app.ExecuteAsync("""
            insert into app.contact_external_id (organization_id, source, external_id, contact_id, created_at) values (@organization, 'apollo', 'a', @contact, now())
            """, new { organization, contact = contacts[11] });
        await app.CreateWebhookLogAsync(organization, contactId: contacts[12]);
        await app.CreateWebhookLogAsync(organization, "pending", contactEmail: "p13@prospect.example", dueAt: DateTime.UtcNow.AddHours(1));
        var second = await app.CreateJobAsync(organization, campaignId: campaign, status: "completed");
        await app.ExecuteAsync("""
            insert into app.import_job_row (organization_id, job_id, lead_id, contact_id, contact_created, lead_created, at)
            values (@organization, @second, @lead, @contact, false, false, now()), (@organization, @second, gen_random_uuid(), @contactOnly, false, true, now())
            """, new { organization, second, lead = leads[14], contact = contacts[14], contactOnly = contacts[15] });

        var preview = await client.UndoAsync(job, dryRun: true);
        var undone = await client.UndoAsync(job);

        // 9's own lead is the one that stays of the two that merging the contacts joined.
        var expected = new Dictionary<string, string>
        {
            [$"lead {leads[1]}"] = "activity",
            [$"lead {leads[2]}"] = "edited",
            [$"lead {leads[3]}"] = "status_changed",
            [$"lead {leads[4]}"] = "edited",
            [$"lead {leads[5]}"] = "assigned",
            [$"lead {leads[6]}"] = "assigned",
            [$"lead {leads[7]}"] = "deleted",
            [$"lead {leads[8]}"] = "merged",
            [$"lead {leads[9]}"] = "merged",
            [$"contact {contacts[10]}"] = "other_lead",
            [$"contact {contacts[11]}"] = "other_source",
            [$"contact {contacts[12]}"] = "webhook",
            [$"contact {contacts[13]}"] = "webhook",
            [$"lead {leads[14]}"] = "other_job",
            [$"contact {contacts[15]}"] = "other_job",
        };
        Assert.Equal(expected.OrderBy(item => item.Key), undone.Items().OrderBy(item => item.Key));
        Assert.Equal(expected.OrderBy(item => item.Key), preview.Items().OrderBy(item => item.Key));
        foreach (var response in new[] { preview, undone })
        {
            // The leads of 10 to 13, 15 and 16, and the contact of 16.
            response.AssertIncludes(new { reversed = 6, contacts = 1, restored = 0, kept = 15, complete = true });
        }
        Assert.Equal(expected.OrderBy(item => item.Key), (await client.UndoAsync(job)).Items().OrderBy(item => item.Key));
        Assert.Empty(await app.QueryAsync<Guid>("select id from app.contact where id = @contact", new { contact = contacts[16] }));
        Assert.Equal(
            14, await app.QuerySingleAsync<int>("select count(*)::int from app.contact where id = any (@contacts)", new { contacts }));
        Assert.Equal(
            await app.QuerySingleAsync<int>(
                "select count(*)::int from app.lead where campaign_id = @campaign and deleted_at is null", new { campaign }),
            await app.QuerySingleAsync<int>(
                "select sum(leads)::int from app.campaign_counter where campaign_id = @campaign", new { campaign }));
    }

    [Fact]
    public async Task Contact_with_a_conversation_is_kept()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var job = await app.CreateImportedJobAsync(organization, await app.CreateCampaignAsync(organization), 2);
        using var client = app.As(owner);
        var (_, contacts) = await app.ImportedAsync(job, 2);
        var conversation = await app.CreateConversationAsync(organization, contacts[1]);

        var preview = await client.UndoAsync(job, dryRun: true);
        var undone = await client.UndoAsync(job);

        var expected = new Dictionary<string, string> { [$"contact {contacts[1]}"] = "conversation" };
        Assert.Equal(expected, preview.Items());
        Assert.Equal(expected, undone.Items());
        undone.AssertIncludes(new { reversed = 2, contacts = 1, kept = 1, complete = true });
        Assert.Equal(
            contacts[1],
            await app.QuerySingleAsync<Guid>("select contact_id from app.conversation where id = @conversation", new { conversation }));
    }

    [Fact]
    public async Task Replaced_values_come_back_where_nobody_has_changed_them_since()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var campaign = await app.CreateCampaignAsync(organization);
        var untouched = await app.CreatePersonAsync(organization, "a@prospect.example", firstName: "Ann", company: "Old");
        var changed = await app.CreatePersonAsync(organization, "b@prospect.example", firstName: "Bob", company: "Old");
        var withoutEmail = await app.CreatePersonAsync(organization, linkedinUrl: "https://linkedin.com/in/carl", company: "Old");
        using var client = app.As(owner);
        var source = await SourceAsync(organization,
        [
            TestSources.Person("a", "a@prospect.example", "Anna", company: "New"),
            TestSources.Person("b", "b@prospect.example", "Robert", company: "New"),
            TestSources.Person("c", "c@prospect.example", linkedinUrl: "https://linkedin.com/in/carl"),
        ]);
        var job = await client.AddJobAsync(new { data_source_id = source, campaign_id = campaign, update_existing = true, start = true });
        await app.WaitForAsync(job, "completed", "failed");
        Assert.Equal("c@prospect.example", await EmailAsync(withoutEmail));
        await SendAsync(client, HttpMethod.Put, $"/api/v1/contacts/{changed}", """{"company": "Newest"}""");

        var undone = await client.UndoAsync(job);

        undone.AssertIncludes(new { reversed = 3, contacts = 0, restored = 3, kept = 1, complete = true });
        Assert.Equal(new Dictionary<string, string> { [$"contact {changed}"] = "changed" }, undone.Items());
        await AssertContactAsync(untouched, "Ann", "Old");
        await AssertContactAsync(changed, "Bob", "Newest");
        Assert.Null(await EmailAsync(withoutEmail));
        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.lead where organization_id = @organization", new { organization }));
    }

    [Fact]
    public async Task Person_whose_data_was_erased_before_the_import_is_taken_back()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        using var client = app.As(owner);
        var erased = await app.CreatePersonAsync(organization, "p0@prospect.example", suppression: "unsubscribed");
        using (var response = await client.DeleteAsync($"/api/v1/contacts/{erased}"))
        {
            Assert.True(response.IsSuccessStatusCode);
        }
        var job = await client.AddJobAsync(new
        {
            data_source_id = await SourceAsync(organization, People(1)),
            campaign_id = await app.CreateCampaignAsync(organization),
            start = true,
        });
        await app.WaitForAsync(job, "completed", "failed");
        Assert.Equal("unsubscribed", await app.QuerySingleAsync<string>(
            "select suppression from app.contact where organization_id = @organization", new { organization }));

        (await client.UndoAsync(job)).AssertIncludes(new { reversed = 1, contacts = 1, kept = 0, complete = true });
    }

    private static async Task SendAsync(HttpClient client, HttpMethod method, string path, string json)
    {
        using var response = await client.SendAsync(method, path, json);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode}");
    }

    private static List<SourcePerson> People(int count) =>
        [.. Enumerable.Range(0, count).Select(n => TestSources.Person($"x{n}", $"p{n}@prospect.example", $"First {n}"))];

    private async Task<Guid> SourceAsync(Guid organization, IReadOnlyList<SourcePerson> people)
    {
        var source = await app.CreateSourceAsync(organization);
        TestSources.Describe(source, TestSources.Pages(people, 10));
        return source;
    }

    private Task<string?> EmailAsync(Guid contact) =>
        app.QuerySingleAsync<string?>("select email from app.contact where id = @contact", new { contact });

    private async Task AssertContactAsync(Guid contact, string firstName, string company) =>
        (await app.QuerySingleJsonAsync("select first_name, company from app.contact where id = @contact", new { contact }))
            .AssertIncludes(new { first_name = firstName, company });
}
