using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Imports.Running;

/// <summary>Whom a job finds, creates and changes, whatever runs in parallel.</summary>
[Collection(ImportApp.Collection)]
public sealed class ImportedPeopleTests(ImportApp app)
{
    [Fact]
    public async Task People_are_found_by_id_address_and_profile_and_keep_what_the_source_lacks()
    {
        var organization = await app.CreateOrganizationAsync();
        var byEmail = await app.CreatePersonAsync(
            organization, "Known@Prospect.example", company: "Old", phone: "030 1234567", suppression: "unsubscribed");
        var byProfile = await app.CreatePersonAsync(
            organization, linkedinUrl: "https://www.linkedin.com/in/Known-Profile/?utm=1", company: "Old");
        var source = await app.CreateSourceAsync(organization, TestSources.Pages(
        [
            TestSources.Person("a", "known@prospect.example", company: "New"),
            TestSources.Person(null, linkedinUrl: "linkedin.com/in/known-profile", company: "New"),
            TestSources.Person("b", company: "First"),
            TestSources.Person(null, "not an address"),
            TestSources.Person("c", "not an address"),
            TestSources.Person("b", "second@prospect.example"),
        ], 3));
        var campaign = await app.CreateCampaignAsync(organization);
        var first = await app.CreateJobAsync(organization, source, campaign, status: "running");
        await app.RunJobsAsync();
        Assert.Equal((6, 4, 0, 1, 1), (await app.JobAsync(first)).Counts);
        Assert.Equal(4, await app.CountInAsync(organization, "contact"));
        Assert.Equal(["Old", "Old"], await CompaniesAsync(byEmail, byProfile));

        var second = await app.CreateJobAsync(
            organization, source, campaign, status: "running", parameters: """{"update_existing": true}""");
        await app.RunJobsAsync();
        Assert.Equal((6, 0, 3, 2, 1), (await app.JobAsync(second)).Counts);
        Assert.Equal(["New", "New"], await CompaniesAsync(byEmail, byProfile));
        (await app.QuerySingleJsonAsync("select phone, suppression from app.contact where id = @byEmail", new { byEmail }))
            .AssertIncludes(new { phone = "030 1234567", suppression = "unsubscribed" });
        Assert.Equal("second@prospect.example", await app.QuerySingleAsync<string>(
            "select k.email from app.contact k join app.contact_external_id e on e.contact_id = k.id "
            + "where e.organization_id = @organization and external_id = 'b'",
            new { organization }));
    }

    [Fact]
    public async Task Person_from_three_sources_and_a_webhook_at_once_is_one_contact()
    {
        var organization = await app.CreateOrganizationAsync();
        var campaign = await app.CreateCampaignAsync(organization, "Campaign", "c-1");
        var people = Enumerable.Range(0, 40).Select(n => $"same{n}@prospect.example").ToList();
        for (var i = 0; i < 3; i++)
        {
            var number = i;
            var source = await app.CreateSourceAsync(organization, TestSources.Pages(
                [.. (number == 1 ? people.AsEnumerable().Reverse() : people).Select(email => TestSources.Person($"{number}-{email}", email, company: $"Company {number}"))], 10));
            await app.CreateJobAsync(organization, source, campaign, status: "running", parameters: """{"update_existing": true}""");
        }
        foreach (var email in people)
        {
            await app.CreateWebhookLogAsync(organization, "pending", eventType: "email.replied", dueAt: DateTime.UtcNow.AddSeconds(-1), body:
                $$"""{"event_type": "reply_received", "timestamp": "2026-01-15T09:30:00Z", "lead_email": "{{email}}", "campaign_id": "c-1", "firstName": "Jane"}""");
        }
        var processor = app.Services.GetRequiredService<SalesBrain.Data.Webhooks.Processing.WebhookProcessor>();

        await Task.WhenAll(app.RunJobsAsync(), Task.Run(async () =>
        {
            while (await processor.ProcessBatchAsync(CancellationToken.None) > 0)
            {
                // Until nothing is due.
            }
        }));

        Assert.Equal(40, await app.CountInAsync(organization, "contact"));
        Assert.Equal(40, await app.CountInAsync(organization, "lead"));
        Assert.Equal(120, await app.CountInAsync(organization, "contact_external_id"));
        Assert.Equal(
            3,
            await app.QuerySingleAsync<int>(
                "select count(*)::int from app.import_job where organization_id = @organization and status = 'completed'",
                new { organization }));
        Assert.Equal(
            40,
            await app.QuerySingleAsync<int>(
                "select count(*)::int from app.webhook_log where organization_id = @organization and status = 'processed'",
                new { organization }));
        Assert.Equal(40, await app.QuerySingleAsync<int>(
            "select sum(leads)::int from app.campaign_counter where campaign_id = @campaign", new { campaign }));
    }

    [Fact]
    public async Task Person_whose_data_was_erased_starts_anew_and_stays_suppressed()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var former = await app.CreateContactAsync(organization, "gone@prospect.example");
        await app.ExecuteAsync(
            "update app.contact set suppression = 'unsubscribed', suppressed_at = now() where id = @former", new { former });
        using (var erased = await app.As(owner).DeleteAsync($"{ContactWorld.Path}/{former}"))
        {
            Assert.Equal(HttpStatusCode.OK, erased.StatusCode);
        }
        var source = await app.CreateSourceAsync(organization, TestSources.Pages(
            [TestSources.Person("a", "Gone@prospect.example", "Ada"), TestSources.Person("b", "new@prospect.example", "Ben")], 10));
        await app.CreateJobAsync(organization, source, status: "running");

        await app.RunJobsAsync();

        var contacts = await app.QueryAsync<string>(
            "select k.first_name || ' ' || k.suppression from app.contact k where k.organization_id = @organization order by 1",
            new { organization });
        Assert.Equal(["Ada unsubscribed", "Ben none"], contacts);
    }

    [Fact]
    public async Task People_without_an_address_who_share_a_profile_are_one_contact_whatever_runs_in_parallel()
    {
        var organization = await app.CreateOrganizationAsync();
        for (var i = 0; i < 3; i++)
        {
            var source = await app.CreateSourceAsync(organization, TestSources.Pages(
                [.. Enumerable.Range(0, 30).Select(n => TestSources.Person(null, linkedinUrl: $"https://linkedin.com/in/profile-{n}"))],
                5));
            await app.CreateJobAsync(organization, source, status: "running");
        }
        await app.RunJobsAsync();
        Assert.Equal(30, await app.CountInAsync(organization, "contact"));
        Assert.Equal(90, await app.CountInAsync(organization, "lead"));
    }

    private async Task<string[]> CompaniesAsync(params Guid[] contacts) =>
        [.. await app.QueryAsync<string>("select company from app.contact where id = any (@contacts) order by id", new { contacts })];
}
