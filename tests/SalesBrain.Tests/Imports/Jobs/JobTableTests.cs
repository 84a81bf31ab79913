using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Imports.Jobs;

/// <summary>Every change of a job's status from every status.</summary>
public class JobTableTests(TestApp app)
{
    /// <summary>
    /// For each verb and status: the status code, then the status afterwards and what is requested. "running" has a worker with a live
    /// lease, "orphaned" is running and its worker is dead.
    /// </summary>
    public static TheoryData<string, string, int, string, string?> Cells => new()
    {
        { "start", "pending", 200, "running", null },
        { "start", "running", 200, "running", null },
        { "start", "orphaned", 200, "running", null },
        { "start", "paused", 409, "paused", null },
        { "start", "completed", 409, "completed", null },
        { "start", "failed", 409, "failed", null },
        { "start", "cancelled", 409, "cancelled", null },
        { "pause", "pending", 409, "pending", null },
        { "pause", "running", 200, "running", "pause" },
        { "pause", "orphaned", 200, "paused", null },
        { "pause", "paused", 200, "paused", null },
        { "pause", "completed", 409, "completed", null },
        { "pause", "failed", 409, "failed", null },
        { "pause", "cancelled", 409, "cancelled", null },
        { "resume", "pending", 409, "pending", null },
        { "resume", "running", 200, "running", null },
        { "resume", "orphaned", 200, "running", null },
        { "resume", "paused", 200, "running", null },
        { "resume", "completed", 409, "completed", null },
        { "resume", "failed", 409, "failed", null },
        { "resume", "cancelled", 409, "cancelled", null },
        { "cancel", "pending", 200, "cancelled", null },
        { "cancel", "running", 200, "running", "cancel" },
        { "cancel", "orphaned", 200, "cancelled", null },
        { "cancel", "paused", 200, "cancelled", null },
        { "cancel", "completed", 409, "completed", null },
        { "cancel", "failed", 409, "failed", null },
        { "cancel", "cancelled", 200, "cancelled", null },
        { "retry", "pending", 409, "pending", null },
        { "retry", "running", 409, "running", null },
        { "retry", "orphaned", 409, "running", null },
        { "retry", "paused", 409, "paused", null },
        { "retry", "completed", 409, "completed", null },
        { "retry", "failed", 200, "running", null },
        { "retry", "cancelled", 409, "cancelled", null },
    };

    [Theory, MemberData(nameof(Cells))]
    public async Task Change_from_a_status_does_what_the_table_says(
        string verb, string from, int status, string afterwards, string? requested)
    {
        var owner = await app.CreateUserAsync("owner");
        var job = await app.CreateJobAsync(owner.OrganizationId!.Value, status: from == "orphaned" ? "running" : from, isDue: false);
        await HoldAsync(job, isAlive: from == "running");
        using var client = app.As(owner);

        var (code, body) = await client.ControlAsync(job, verb);

        Assert.Equal(status, (int)code);
        if (code == HttpStatusCode.Conflict)
        {
            Assert.Equal("import_job_state", body.GetProperty("code").GetString());
            Assert.Contains(afterwards, body.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Single(await app.HistoryAsync(job));
            return;
        }
        Assert.Equal(
            (afterwards, requested),
            (body.GetProperty("data").GetProperty("status").GetString(), body.GetProperty("data").GetProperty("requested").GetString()));
        var history = body.GetProperty("data").GetProperty("history").EnumerateArray().ToList();
        var before = from == "orphaned" ? "running" : from;
        Assert.Equal(
            before == afterwards ? [before] : [before, afterwards], history.Select(state => state.GetProperty("status").GetString()));
        if (history.Count > 1)
        {
            Assert.Equal(owner.Id, history[1].GetProperty("changed_by").GetGuid());
        }
        Assert.Equal(before == afterwards && requested is null ? 0 : 1, (await app.AuditOfAsync(job)).Count);
    }

    [Fact]
    public async Task Resuming_withdraws_a_pause_and_no_pause_replaces_a_cancellation()
    {
        var owner = await app.CreateUserAsync("owner");
        var job = await app.CreateJobAsync(owner.OrganizationId!.Value, status: "running", isDue: false);
        await HoldAsync(job, isAlive: true);
        using var client = app.As(owner);

        await client.ControlAsync(job, "pause");
        var (_, resumed) = await client.ControlAsync(job, "resume");
        Assert.Null(resumed.GetProperty("data").GetProperty("requested").GetString());
        await client.ControlAsync(job, "cancel");
        var (_, paused) = await client.ControlAsync(job, "pause");
        Assert.Equal("cancel", paused.GetProperty("data").GetProperty("requested").GetString());
        await client.ControlAsync(job, "resume");
        Assert.Equal("cancel", (await app.JobAsync(job)).Requested);
    }

    [Fact]
    public async Task Members_control_only_the_jobs_that_they_created()
    {
        var member = await app.CreateUserAsync("member");
        var organization = member.OrganizationId!.Value;
        var source = await app.CreateSourceAsync(organization);
        var campaign = await app.CreateCampaignAsync(organization);
        using var client = app.As(member);
        var own = await client.AddJobAsync(new { data_source_id = source, campaign_id = campaign });
        Assert.Equal(HttpStatusCode.OK, (await client.ControlAsync(own, "cancel")).Status);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await client.ControlAsync(await app.CreateJobAsync(organization, source, campaign), "cancel")).Status);
    }

    [Fact]
    public async Task Hundred_parallel_changes_end_in_one_status_with_one_history()
    {
        var owner = await app.CreateUserAsync("owner");
        var job = await app.CreateJobAsync(owner.OrganizationId!.Value);
        using var client = app.As(owner);
        string[] verbs = ["start", "pause", "resume", "pause", "resume"];

        var codes = await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            var (status, body) = await client.ControlAsync(job, i == 99 ? "cancel" : verbs[i % verbs.Length]);
            return (status, body.TryGetProperty("code", out var code) ? code.GetString() : null);
        }));

        Assert.All(
            codes, code => Assert.True(code is (HttpStatusCode.OK, null) or (HttpStatusCode.Conflict, "import_job_state"), $"{code}"));
        var history = await app.HistoryAsync(job);
        (string, string)[] legal =
        [
            ("pending", "running"), ("pending", "cancelled"), ("running", "paused"), ("running", "completed"), ("running", "failed"),
            ("running", "cancelled"), ("paused", "running"), ("paused", "cancelled"), ("failed", "running"),
        ];
        Assert.All(history.Zip(history.Skip(1)), change => Assert.Contains(change, legal));
        Assert.Equal(history[^1], (await app.JobAsync(job)).Status);
        Assert.Equal(
            Enumerable.Range(1, history.Length),
            await app.QueryAsync<int>("select number from app.import_job_state where job_id = @job order by number", new { job }));
        Assert.Equal(
            (await app.QueryAsync<long>("select seq from app.import_job_log where job_id = @job order by seq", new { job }))
                .Select((_, i) => i + 1L),
            await app.QueryAsync<long>("select seq from app.import_job_log where job_id = @job order by seq", new { job }));
    }

    /// <summary>A worker that holds the job for long, or a dead one whose job nobody takes during the test.</summary>
    private Task HoldAsync(Guid job, bool isAlive) => app.ExecuteAsync(
        isAlive
            ? "update app.import_job set lease_owner = gen_random_uuid(), lease_until = now() + interval '1 hour' where id = @job "
                + "and status = 'running'"
            : """
            update app.import_job set lease_owner = gen_random_uuid(), lease_until = now() - interval '1 second', next_run_at = now() + interval '1 hour'
            where id = @job and status = 'running'
            """,
        new { job });
}
