using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Functions.Imports.Running;
using SalesBrain.Integrations;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Imports.Running;

/// <summary>How long a job waits, with a clock that the test moves.</summary>
[Collection(ClockedApp.Collection)]
public sealed class ImportWaitTests(ClockedApp app)
{
    [Fact]
    public async Task Failing_page_is_tried_five_times_and_a_retry_goes_on_there()
    {
        var owner = await app.CreateUserAsync("owner");
        var fails = true;
        var (source, job) = await JobAsync(owner, (_, _, _) => fails
            ? throw new SourceException(SourceErrors.Unavailable, "The vendor of jane@prospect.example is down.")
            : Task.FromResult(new SourcePage([TestSources.Person("1")], null, 1, [])));
        foreach (var seconds in new[] { 5, 20, 80, 320 })
        {
            await RunAsync();
            var waiting = await app.JobAsync(job);
            Assert.Equal(("running", "unavailable"), (waiting.Status, waiting.ErrorCode));
            Assert.Null(waiting.LeaseUntil);
            Assert.Equal(seconds, Math.Round((waiting.NextRunAt!.Value - app.Now).TotalSeconds));
            await RunAsync();
            Assert.Equal(waiting.Attempt, (await app.JobAsync(job)).Attempt);
            app.Time.Advance(TimeSpan.FromSeconds(seconds));
        }
        await RunAsync();
        Assert.Equal(("failed", 5), ((await app.JobAsync(job)).Status, (await app.JobAsync(job)).Attempt));
        Assert.Equal(
            "The vendor of [address] is down.",
            await app.QuerySingleAsync<string>("select error_message from app.import_job where id = @job", new { job }));

        fails = false;
        using var client = app.As(owner);
        await client.ControlAsync(job, "retry");
        await UntilAsync(job, "completed");
        Assert.Equal(["running", "failed", "running", "completed"], await app.HistoryAsync(job));
        var metrics = await app.QuerySingleJsonAsync(
            "select jobs_total, jobs_completed, jobs_failed, leads_created from app.data_source where id = @source", new { source });
        metrics.AssertIncludes(new { jobs_total = 1, jobs_completed = 1, jobs_failed = 0, leads_created = 1 });
    }

    [Fact]
    public async Task Limit_of_the_vendor_is_waited_for_and_is_no_attempt()
    {
        var (_, job) = await JobAsync(await app.CreateUserAsync("owner"), (_, _, _) =>
            throw new SourceException(SourceErrors.RateLimited, "Too many requests.", TimeSpan.FromSeconds(90)));
        for (var i = 0; i < 7; i++)
        {
            await RunAsync();
            var waiting = await app.JobAsync(job);
            Assert.Equal(("running", 0), (waiting.Status, waiting.Attempt));
            Assert.Equal(90, Math.Round((waiting.NextRunAt!.Value - app.Now).TotalSeconds));
            app.Time.Advance(TimeSpan.FromSeconds(90));
        }
        await app.ExecuteAsync("update app.import_job set status = 'cancelled' where id = @job", new { job });
    }

    [Fact]
    public async Task Used_up_quota_pauses_the_job_and_tells_the_creator()
    {
        var owner = await app.CreateUserAsync("owner");
        var (_, job) = await JobAsync(owner, (_, _, _) => throw new SourceException(SourceErrors.QuotaExhausted, "No credits are left."));
        await RunAsync();
        Assert.Equal(("paused", "quota_exhausted"), ((await app.JobAsync(job)).Status, (await app.JobAsync(job)).ErrorCode));
        Assert.Equal(
            ["import.paused"], await app.QueryAsync<string>("select type from app.notification where user_id = @Id", new { owner.Id }));
    }

    [Fact]
    public async Task Wrong_credentials_fail_the_job_and_mark_the_source()
    {
        var (source, job) = await JobAsync(
            await app.CreateUserAsync("owner"),
            (_, _, _) => throw new SourceException(SourceErrors.InvalidCredentials, "The key is wrong."));
        await RunAsync();
        Assert.Equal("failed", (await app.JobAsync(job)).Status);
        Assert.Equal("error", await app.QuerySingleAsync<string>("select status from app.data_source where id = @source", new { source }));
    }

    [Fact]
    public async Task Jobs_of_one_source_share_its_requests_per_minute()
    {
        var organization = await app.CreateOrganizationAsync();
        var source = await app.CreateSourceAsync(organization, requestsPerMinute: 2);
        var requests = 0;
        TestSources.Describe(source, (cursor, _, _) =>
        {
            var number = Interlocked.Increment(ref requests);
            return Task.FromResult(new SourcePage([TestSources.Person($"{number}")], cursor is null ? "next" : null, null, []));
        });
        Guid[] jobs = [await app.CreateJobAsync(organization, source, status: "running"), await app.CreateJobAsync(organization, source, status: "running")];
        for (var expected = 1; expected <= 4; expected++)
        {
            await RunAsync();
            Assert.Equal(expected, requests);
            app.Time.Advance(TimeSpan.FromSeconds(30));
        }
        Assert.All(await Task.WhenAll(jobs.Select(job => app.JobAsync(job))), job => Assert.Equal("completed", job.Status));
    }

    private Task RunAsync() => app.Services.GetRequiredService<ImportRunner>().RunDueAsync(TestContext.Current.CancellationToken);

    private async Task<(Guid Source, Guid Job)> JobAsync(TestUser owner, TestSources.Fetch fetch)
    {
        var source = await app.CreateSourceAsync(owner.OrganizationId!.Value);
        TestSources.Describe(source, fetch);
        return (source, await app.CreateJobAsync(owner.OrganizationId.Value, source, status: "running", createdBy: owner.Id));
    }

    private Task UntilAsync(Guid job, string status) =>
        Eventually.HoldsAsync(async () => (await app.JobAsync(job)).Status == status, $"The job is {status}.");
}
