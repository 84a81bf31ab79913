using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Data.Imports.Running;
using SalesBrain.Data.Sessions;
using SalesBrain.Integrations;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Imports.Running;

/// <summary>What happens to a job while it runs.</summary>
[Collection(ImportApp.Collection)]
public sealed class ImportRunnerTests(ImportApp app)
{
    [Fact]
    public async Task Job_imports_each_person_once_and_says_so_everywhere()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        await app.ExecuteAsync("insert into app.assignment_ruleset (organization_id, assign_new_contacts) values (@organization, true)", new { organization });
        var source = await SourceAsync(organization, TestSources.Pages(People(25), 10));
        using var client = app.As(owner);

        var job = await client.AddJobAsync(new { data_source_id = source, campaign_id = await app.CreateCampaignAsync(organization), start = true });
        var done = await app.WaitForAsync(job, "completed", "failed");

        Assert.Equal(("completed", 25, 25, 0), (done.Status, done.Processed, done.Created, done.Skipped));
        Assert.Equal(["pending", "running", "completed"], await app.HistoryAsync(job));
        var lead = await app.QuerySingleJsonAsync("""
            select l.source, l.source_data ->> 'external_id' as external_id, l.source_data ->> 'data_source_id' as source_id, k.email, l.created_by
            from app.lead l join app.contact k on k.id = l.contact_id where l.organization_id = @organization and k.email_norm = 'p7@prospect.example'
            """, new { organization });
        lead.AssertIncludes(new { source = "api", external_id = "x7", source_id = $"{source}", email = "p7@prospect.example", created_by = owner.Id });
        Assert.Equal(25, await CountAsync("assignment_queue", organization) + await CountAsync("user_contact_assignment", organization));
        Assert.Equal(["import.completed"], await app.QueryAsync<string>("select type from app.notification where user_id = @Id and type like 'import.%'", new { owner.Id }));
        var metrics = (await client.GetDataAsync($"{ImportWorld.Sources}/{source}")).GetProperty("metrics");
        metrics.AssertIncludes(new { jobs_total = 1, jobs_completed = 1, jobs_failed = 0, leads_created = 25, leads_updated = 0, success_rate = 1 });
        var progress = (await client.GetDataAsync($"{ImportWorld.Jobs}/{job}")).GetProperty("progress");
        progress.AssertIncludes(new { processed = 25, total = 25, percent = 100, created = 25 });
        Assert.Equal(
            Enumerable.Range(1, (int)done.LogSeq).Select(seq => (long)seq),
            await app.QueryAsync<long>("select seq from app.import_job_log where job_id = @job order by seq", new { job }));
        Assert.Equal(25, await app.QuerySingleAsync<int>("""
            select sum(leads)::int from app.campaign_counter c join app.import_job j on j.campaign_id = c.campaign_id where j.id = @job
            """, new { job }));
    }

    [Fact]
    public async Task People_are_found_by_id_address_and_profile_and_keep_what_the_source_lacks()
    {
        var organization = await app.CreateOrganizationAsync();
        var byEmail = await app.CreatePersonAsync(organization, "Known@Prospect.example", company: "Old", phone: "030 1234567", suppression: "unsubscribed");
        var byProfile = await app.CreatePersonAsync(organization, linkedinUrl: "https://www.linkedin.com/in/Known-Profile/?utm=1", company: "Old");
        var source = await SourceAsync(organization, TestSources.Pages(
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
        Assert.Equal((6, 4, 0, 1, 1), Counts(await app.JobAsync(first)));
        Assert.Equal(4, await CountAsync("contact", organization));
        Assert.Equal(["Old", "Old"], await CompaniesAsync(byEmail, byProfile));

        var second = await app.CreateJobAsync(organization, source, campaign, status: "running", parameters: """{"update_existing": true}""");
        await app.RunJobsAsync();
        Assert.Equal((6, 0, 3, 2, 1), Counts(await app.JobAsync(second)));
        Assert.Equal(["New", "New"], await CompaniesAsync(byEmail, byProfile));
        (await app.QuerySingleJsonAsync("select phone, suppression from app.contact where id = @byEmail", new { byEmail }))
            .AssertIncludes(new { phone = "030 1234567", suppression = "unsubscribed" });
        Assert.Equal("second@prospect.example", await app.QuerySingleAsync<string>(
            "select k.email from app.contact k join app.contact_external_id e on e.contact_id = k.id where e.organization_id = @organization and external_id = 'b'", new { organization }));
    }

    [Fact]
    public async Task Pause_takes_effect_after_the_page_and_resume_goes_on_there()
    {
        var owner = await app.CreateUserAsync("owner");
        var gate = new Gate(TestSources.Pages(People(30), 10), heldCursor: "10");
        var source = await SourceAsync(owner.OrganizationId!.Value, gate.FetchAsync);
        using var client = app.As(owner);
        var job = await client.AddJobAsync(new { data_source_id = source, campaign_id = await app.CreateCampaignAsync(owner.OrganizationId.Value), start = true });
        await gate.Reached.WaitAsync(Eventually.Limit);

        var (_, asked) = await client.ControlAsync(job, "pause");
        Assert.Equal(("running", "pause"), (asked.GetProperty("data").GetProperty("status").GetString(), asked.GetProperty("data").GetProperty("requested").GetString()));
        gate.Open();
        var paused = await app.WaitForAsync(job, "paused");
        Assert.Equal(20, paused.Processed);
        Assert.Null(paused.LeaseUntil);

        await client.ControlAsync(job, "resume");
        var done = await app.WaitForAsync(job, "completed");
        Assert.Equal((30, 30), (done.Processed, done.Created));
        Assert.Equal(["pending", "running", "paused", "running", "completed"], await app.HistoryAsync(job));
        Assert.Equal([null, "10", "20"], gate.Asked);
    }

    [Theory]
    [InlineData("10", "cancelled", 20)]
    [InlineData("20", "completed", 30)]
    public async Task Cancellation_during_a_page_keeps_its_leads_and_the_last_page_completes_the_job(string heldCursor, string status, int leads)
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var gate = new Gate(TestSources.Pages(People(30), 10), heldCursor);
        using var client = app.As(owner);
        var job = await client.AddJobAsync(new
        {
            data_source_id = await SourceAsync(organization, gate.FetchAsync),
            campaign_id = await app.CreateCampaignAsync(organization),
            start = true,
        });
        await gate.Reached.WaitAsync(Eventually.Limit);

        await client.ControlAsync(job, "cancel");
        gate.Open();

        var done = await app.WaitForAsync(job, "cancelled", "completed");
        Assert.Equal((status, null, leads), (done.Status, done.Requested, (int)done.Created));
        Assert.Equal(leads, await CountAsync("lead", organization));
        Assert.Equal(["pending", "running", status], await app.HistoryAsync(job));
    }

    [Fact]
    public async Task Stale_worker_changes_nothing()
    {
        var organization = await app.CreateOrganizationAsync();
        var job = await app.CreateJobAsync(organization, status: "running");
        var database = app.Services.GetRequiredService<SalesBrainDatabase>();
        var now = DateTime.UtcNow;
        var first = (await RunningJobs.ClaimAsync(database, Guid.NewGuid(), 3, now, now.AddSeconds(60), CancellationToken.None))!;
        Assert.Equal(job, first.Id);
        Assert.Null(await RunningJobs.ClaimAsync(database, Guid.NewGuid(), 3, now, now.AddSeconds(60), CancellationToken.None));
        var second = (await RunningJobs.ClaimAsync(database, Guid.NewGuid(), 3, now.AddSeconds(61), now.AddSeconds(121), CancellationToken.None))!;
        Assert.Equal((job, first.Fence + 1), (second.Id, second.Fence));
        var before = await app.RowAsync("import_job", job);

        Assert.Null(await RunningJobs.ApplyPageAsync(database, first, Page("1"), now.AddSeconds(120), now, CancellationToken.None));
        Assert.Null(await RunningJobs.GiveBackAsync(database, first, JobReturn.EndOfSlice, now, CancellationToken.None));
        Assert.Equal(before, await app.RowAsync("import_job", job));
        Assert.Equal(0, await CountAsync("contact", organization));

        // Paused and resumed: the lease is gone, and the number too.
        await app.ExecuteAsync("update app.import_job set status = 'paused' where id = @job; update app.import_job set status = 'running', next_run_at = now() + interval '1 hour' where id = @job", new { job });
        Assert.Null(await RunningJobs.ApplyPageAsync(database, second, Page("1"), now.AddSeconds(120), now, CancellationToken.None));
        Assert.Equal(0, await CountAsync("contact", organization));
        await app.ExecuteAsync("update app.import_job set status = 'cancelled' where id = @job", new { job });
    }

    [Fact]
    public async Task Organizations_take_turns_and_none_has_more_jobs_than_allowed()
    {
        var (crowded, quiet) = (await app.CreateOrganizationAsync(), await app.CreateOrganizationAsync());
        var jobs = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            jobs.Add(await app.CreateJobAsync(crowded, status: "running"));
        }
        jobs.Add(await app.CreateJobAsync(quiet, status: "running"));
        var database = app.Services.GetRequiredService<SalesBrainDatabase>();
        var now = DateTime.UtcNow.AddSeconds(1);

        var claims = (await Task.WhenAll(Enumerable.Range(0, 10).Select(_ =>
            RunningJobs.ClaimAsync(database, Guid.NewGuid(), 2, now, now.AddSeconds(60), CancellationToken.None)))).OfType<ClaimedJob>().ToList();

        Assert.Equal(3, claims.Count);
        Assert.Equal(2, claims.Count(claim => claim.OrganizationId == crowded));
        Assert.Equal(3, claims.Select(claim => claim.Id).Distinct().Count());
        await app.ExecuteAsync("update app.import_job set status = 'cancelled' where id = any (@jobs)", new { jobs });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Endless_source_ends_the_job_with_schema(bool repeatsCursor)
    {
        var organization = await app.CreateOrganizationAsync();
        var number = 0;
        var source = await SourceAsync(organization, (_, _, _) =>
            Task.FromResult(new SourcePage([TestSources.Person("same")], repeatsCursor ? "stuck" : $"{++number}", null, [])));
        var job = await app.CreateJobAsync(organization, source, status: "running");
        await app.RunJobsAsync();
        var done = await app.JobAsync(job);
        Assert.Equal(("failed", "schema", 1, repeatsCursor ? 2 : 4), (done.Status, done.ErrorCode, (int)done.Created, (int)done.Processed));
    }

    [Fact]
    public async Task Rows_with_problems_are_counted_and_logged_without_personal_data()
    {
        var organization = await app.CreateOrganizationAsync();
        var page = 0;
        var source = await SourceAsync(organization, (_, _, _) => Task.FromResult(new SourcePage(
            [], ++page < 5 ? $"{page}" : null, null, [new(page, "jane@prospect.example", "email_invalid")])));
        var job = await app.CreateJobAsync(organization, source, status: "running");
        await app.RunJobsAsync();
        Assert.Equal((5, 0, 0, 0, 5), Counts(await app.JobAsync(job)));
        var logs = await app.QueryAsync<string>("select message || data::text from app.import_job_log where job_id = @job", new { job });
        Assert.Contains(logs, line => line.Contains("email_invalid", StringComparison.Ordinal));
        Assert.DoesNotContain(logs, line => line.Contains("jane", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Disabled_source_pauses_its_job_and_tells_the_creator()
    {
        var owner = await app.CreateUserAsync("owner");
        var source = await app.CreateSourceAsync(owner.OrganizationId!.Value, status: "disabled");
        var job = await app.CreateJobAsync(owner.OrganizationId.Value, source, status: "running", createdBy: owner.Id);
        await app.RunJobsAsync();
        Assert.Equal(("paused", "data_source_disabled"), ((await app.JobAsync(job)).Status, (await app.JobAsync(job)).ErrorCode));
        Assert.Equal(["import.paused"], await app.QueryAsync<string>("select type from app.notification where user_id = @Id", new { owner.Id }));
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
            var source = await SourceAsync(organization, TestSources.Pages(
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

        Assert.Equal(40, await CountAsync("contact", organization));
        Assert.Equal(40, await CountAsync("lead", organization));
        Assert.Equal(120, await CountAsync("contact_external_id", organization));
        Assert.Equal(3, await app.QuerySingleAsync<int>("select count(*)::int from app.import_job where organization_id = @organization and status = 'completed'", new { organization }));
        Assert.Equal(40, await app.QuerySingleAsync<int>("select count(*)::int from app.webhook_log where organization_id = @organization and status = 'processed'", new { organization }));
        Assert.Equal(40, await app.QuerySingleAsync<int>("select sum(leads)::int from app.campaign_counter where campaign_id = @campaign", new { campaign }));
    }

    [Fact]
    public async Task Person_whose_data_was_erased_starts_anew_and_stays_suppressed()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var former = await app.CreateContactAsync(organization, "gone@prospect.example");
        await app.ExecuteAsync("update app.contact set suppression = 'unsubscribed', suppressed_at = now() where id = @former", new { former });
        using (var erased = await app.As(owner).DeleteAsync($"{ContactWorld.Path}/{former}"))
        {
            Assert.Equal(HttpStatusCode.OK, erased.StatusCode);
        }
        var source = await SourceAsync(organization, TestSources.Pages(
            [TestSources.Person("a", "Gone@prospect.example", "Ada"), TestSources.Person("b", "new@prospect.example", "Ben")], 10));
        await app.CreateJobAsync(organization, source, status: "running");

        await app.RunJobsAsync();

        var contacts = await app.QueryAsync<string>(
            "select k.first_name || ' ' || k.suppression from app.contact k where k.organization_id = @organization order by 1", new { organization });
        Assert.Equal(["Ada unsubscribed", "Ben none"], contacts);
    }

    [Fact]
    public async Task People_without_an_address_who_share_a_profile_are_one_contact_whatever_runs_in_parallel()
    {
        var organization = await app.CreateOrganizationAsync();
        for (var i = 0; i < 3; i++)
        {
            var source = await SourceAsync(organization, TestSources.Pages(
                [.. Enumerable.Range(0, 30).Select(n => TestSources.Person(null, linkedinUrl: $"https://linkedin.com/in/profile-{n}"))], 5));
            await app.CreateJobAsync(organization, source, status: "running");
        }
        await app.RunJobsAsync();
        Assert.Equal(30, await CountAsync("contact", organization));
        Assert.Equal(90, await CountAsync("lead", organization));
    }

    [Fact]
    public async Task Log_reader_that_follows_the_numbers_misses_nothing()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        using var client = app.As(owner);
        var source = await SourceAsync(organization, async (cursor, _, stop) =>
        {
            await Task.Delay(2, stop);
            var page = int.Parse(cursor ?? "0");
            return new SourcePage([TestSources.Person($"{page}")], page < 60 ? $"{page + 1}" : null, null, [new(page + 1, null, "broken")]);
        });
        var job = await client.AddJobAsync(new { data_source_id = source, campaign_id = await app.CreateCampaignAsync(organization), start = true });

        var seen = new List<long>();
        var after = 0L;
        for (var done = false; !done;)
        {
            var page = await client.GetDataAsync($"{ImportWorld.Jobs}/{job}/logs?after={after}&limit=7&wait=5");
            seen.AddRange(page.GetProperty("logs").EnumerateArray().Select(line => line.GetProperty("seq").GetInt64()));
            after = page.GetProperty("next_after").GetInt64();
            done = page.GetProperty("done").GetBoolean();
        }

        Assert.Equal((await app.JobAsync(job)).LogSeq, seen.Count);
        Assert.Equal(seen.Select((_, i) => i + 1L), seen);
        var warnings = await client.GetDataAsync($"{ImportWorld.Jobs}/{job}/logs?level=warning&search=BROKEN&limit=1000");
        Assert.Equal(61, warnings.GetProperty("logs").GetArrayLength());
        Assert.All(warnings.GetProperty("logs").EnumerateArray(), line => Assert.Equal("warning", line.GetProperty("level").GetString()));
    }

    [Fact]
    public async Task Page_costs_one_statement_whatever_its_size()
    {
        var organization = await app.CreateOrganizationAsync();
        var job = await app.CreateJobAsync(organization, status: "running");
        var database = app.Services.GetRequiredService<SalesBrainDatabase>();
        var now = DateTime.UtcNow;
        var claim = (await RunningJobs.ClaimAsync(database, Guid.NewGuid(), 3, now, now.AddSeconds(60), CancellationToken.None))!;
        Assert.Equal(job, claim.Id);
        var applied = await RunningJobs.ApplyPageAsync(database, claim, Page([.. Enumerable.Range(0, 1000).Select(n => $"{n}")]), now.AddSeconds(60), now, CancellationToken.None);
        Assert.Equal("completed", applied?.Status);
        Assert.Equal(1000, await CountAsync("lead", organization));
    }

    private static string Page(params string[] ids) => System.Text.Json.JsonSerializer.Serialize(new
    {
        people = ids.Select((id, n) => new { number = n, leader = n, new_contact_id = Guid.NewGuid(), new_lead_id = Guid.NewGuid(), external_id = id }),
        credits = 0,
        worked_ms = 1,
        failed = 0,
        last_problem_line = 0,
        lines = Array.Empty<object>(),
        id_source = "apollo",
        source = "apollo",
        source_info = new { },
        update_existing = false,
    });

    private static List<SourcePerson> People(int count) =>
        [.. Enumerable.Range(0, count).Select(n => TestSources.Person($"x{n}", $"p{n}@prospect.example", $"First {n}"))];

    private async Task<Guid> SourceAsync(Guid organization, TestSources.Fetch fetch)
    {
        var source = await app.CreateSourceAsync(organization);
        TestSources.Describe(source, fetch);
        return source;
    }

    private static (int Processed, int Created, int Updated, int Skipped, int Failed) Counts(ImportedJob job) =>
        ((int)job.Processed, (int)job.Created, (int)job.Updated, (int)job.Skipped, (int)job.Failed);

    private Task<int> CountAsync(string table, Guid organization) =>
        app.QuerySingleAsync<int>($"select count(*)::int from app.{table} where organization_id = @organization", new { organization });

    private async Task<string[]> CompaniesAsync(params Guid[] contacts) =>
        [.. await app.QueryAsync<string>("select company from app.contact where id = any (@contacts) order by id", new { contacts })];

    /// <summary>A source that stops before it returns one of its pages.</summary>
    private sealed class Gate(TestSources.Fetch fetch, string heldCursor)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentQueue<string?> _asked = new();

        internal Task Reached => _reached.Task;

        internal IEnumerable<string?> Asked => _asked;

        internal void Open() => _open.TrySetResult();

        internal async Task<SourcePage> FetchAsync(string? cursor, int limit, CancellationToken cancellationToken)
        {
            _asked.Enqueue(cursor);
            if (cursor == heldCursor)
            {
                _reached.TrySetResult();
                await _open.Task.WaitAsync(cancellationToken);
            }
            return await fetch(cursor, limit, cancellationToken);
        }
    }
}
