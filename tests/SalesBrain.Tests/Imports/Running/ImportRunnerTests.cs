using System.Collections.Concurrent;
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
        await app.ExecuteAsync(
            "insert into app.assignment_ruleset (organization_id, assign_new_contacts) values (@organization, true)", new { organization });
        var source = await app.CreateSourceAsync(organization, TestSources.Pages(TestSources.People(25), 10));
        using var client = app.As(owner);

        var job = await client.AddJobAsync(
            new { data_source_id = source, campaign_id = await app.CreateCampaignAsync(organization), start = true });
        var done = await app.WaitForAsync(job, "completed", "failed");

        Assert.Equal(("completed", 25, 25, 0), (done.Status, done.Processed, done.Created, done.Skipped));
        Assert.Equal(["pending", "running", "completed"], await app.HistoryAsync(job));
        var lead = await app.QuerySingleJsonAsync("""
            select l.source, l.source_data ->> 'external_id' as external_id, l.source_data ->> 'data_source_id' as source_id, k.email, l.created_by
            from app.lead l join app.contact k on k.id = l.contact_id where l.organization_id = @organization and k.email_norm = 'p7@prospect.example'
            """, new { organization });
        lead.AssertIncludes(
            new { source = "api", external_id = "x7", source_id = $"{source}", email = "p7@prospect.example", created_by = owner.Id });
        // In one statement: they are assigned meanwhile.
        Assert.Equal(25, await app.QuerySingleAsync<int>("""
            select (select count(*)::int from app.assignment_queue where organization_id = @organization)
                + (select count(*)::int from app.user_contact_assignment where organization_id = @organization)
            """, new { organization }));
        Assert.Equal(["import.completed"], await app.QueryAsync<string>(
            "select type from app.notification where user_id = @Id and type like 'import.%'", new { owner.Id }));
        var metrics = (await client.GetDataAsync($"{ImportWorld.Sources}/{source}")).GetProperty("metrics");
        metrics.AssertIncludes(
            new { jobs_total = 1, jobs_completed = 1, jobs_failed = 0, leads_created = 25, leads_updated = 0, success_rate = 1 });
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
    public async Task Pause_takes_effect_after_the_page_and_resume_goes_on_there()
    {
        var owner = await app.CreateUserAsync("owner");
        var gate = new Gate(TestSources.Pages(TestSources.People(30), 10), heldCursor: "10");
        var source = await app.CreateSourceAsync(owner.OrganizationId!.Value, gate.FetchAsync);
        using var client = app.As(owner);
        var job = await client.AddJobAsync(
            new { data_source_id = source, campaign_id = await app.CreateCampaignAsync(owner.OrganizationId.Value), start = true });
        await gate.Reached.WaitAsync(Eventually.Limit);

        var (_, asked) = await client.ControlAsync(job, "pause");
        Assert.Equal(
            ("running", "pause"),
            (asked.GetProperty("data").GetProperty("status").GetString(), asked.GetProperty("data").GetProperty("requested").GetString()));
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
    public async Task Cancellation_during_a_page_keeps_its_leads_and_the_last_page_completes_the_job(
        string heldCursor, string status, int leads)
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var gate = new Gate(TestSources.Pages(TestSources.People(30), 10), heldCursor);
        using var client = app.As(owner);
        var job = await client.AddJobAsync(new
        {
            data_source_id = await app.CreateSourceAsync(organization, gate.FetchAsync),
            campaign_id = await app.CreateCampaignAsync(organization),
            start = true,
        });
        await gate.Reached.WaitAsync(Eventually.Limit);

        await client.ControlAsync(job, "cancel");
        gate.Open();

        var done = await app.WaitForAsync(job, "cancelled", "completed");
        Assert.Equal((status, null, leads), (done.Status, done.Requested, (int)done.Created));
        Assert.Equal(leads, await app.CountInAsync(organization, "lead"));
        Assert.Equal(["pending", "running", status], await app.HistoryAsync(job));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Endless_source_ends_the_job_with_schema(bool repeatsCursor)
    {
        var organization = await app.CreateOrganizationAsync();
        var number = 0;
        var source = await app.CreateSourceAsync(organization, (_, _, _) =>
            Task.FromResult(new SourcePage([TestSources.Person("same")], repeatsCursor ? "stuck" : $"{++number}", null, [])));
        var job = await app.CreateJobAsync(organization, source, status: "running");
        await app.RunJobsAsync();
        var done = await app.JobAsync(job);
        Assert.Equal(("failed", "schema", 1, repeatsCursor ? 2 : 4), (done.Status, done.ErrorCode, (int)done.Created, (int)done.Processed));
    }

    [Fact]
    public async Task Disabled_source_pauses_its_job_and_tells_the_creator()
    {
        var owner = await app.CreateUserAsync("owner");
        var source = await app.CreateSourceAsync(owner.OrganizationId!.Value, status: "disabled");
        var job = await app.CreateJobAsync(owner.OrganizationId.Value, source, status: "running", createdBy: owner.Id);
        await app.RunJobsAsync();
        Assert.Equal(("paused", "data_source_disabled"), ((await app.JobAsync(job)).Status, (await app.JobAsync(job)).ErrorCode));
        Assert.Equal(
            ["import.paused"], await app.QueryAsync<string>("select type from app.notification where user_id = @Id", new { owner.Id }));
    }

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
