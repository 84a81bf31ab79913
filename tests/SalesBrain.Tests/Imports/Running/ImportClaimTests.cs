using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SalesBrain.Data.Imports.Running;
using SalesBrain.Data.Sessions;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Imports.Running;

/// <summary>Which worker has a job, and what one changes that has lost it.</summary>
[Collection(ImportApp.Collection)]
public sealed class ImportClaimTests(ImportApp app)
{
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

        Assert.Null(
            await RunningJobs.ApplyPageAsync(database, first, ImportWorld.Page("1"), now.AddSeconds(120), now, CancellationToken.None));
        Assert.Null(await RunningJobs.GiveBackAsync(database, first, JobReturn.EndOfSlice, now, CancellationToken.None));
        Assert.Equal(before, await app.RowAsync("import_job", job));
        Assert.Equal(0, await app.CountInAsync(organization, "contact"));

        // Paused and resumed: the lease is gone, and the number too.
        await app.ExecuteAsync(
            "update app.import_job set status = 'paused' where id = @job; update app.import_job "
            + "set status = 'running', next_run_at = now() + interval '1 hour' where id = @job",
            new { job });
        Assert.Null(
            await RunningJobs.ApplyPageAsync(database, second, ImportWorld.Page("1"), now.AddSeconds(120), now, CancellationToken.None));
        Assert.Equal(0, await app.CountInAsync(organization, "contact"));
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

    [Fact]
    public async Task Job_of_a_dead_worker_goes_on_behind_its_last_page()
    {
        var organization = await app.CreateOrganizationAsync();
        var asked = new List<string?>();
        var pages = TestSources.Pages(TestSources.People(30), 10);
        var source = await app.CreateSourceAsync(organization, (cursor, limit, stop) =>
        {
            asked.Add(cursor);
            return pages(cursor, limit, stop);
        });
        var job = await app.CreateJobAsync(organization, source, status: "running");
        var database = app.Services.GetRequiredService<SalesBrainDatabase>();
        var now = DateTime.UtcNow;
        var dead = (await RunningJobs.ClaimAsync(database, Guid.NewGuid(), 3, now, now.AddSeconds(60), CancellationToken.None))!;
        await RunningJobs.ApplyPageAsync(
            database, dead, ImportWorld.Page("10", [.. Enumerable.Range(0, 10).Select(n => $"x{n}")], $"api:{source}"), now.AddSeconds(60),
            now, CancellationToken.None);

        await app.RunJobsAsync();
        Assert.Empty(asked);
        await app.ExecuteAsync("update app.import_job set lease_until = now() - interval '1 second' where id = @job", new { job });
        await app.RunJobsAsync();

        Assert.Equal(["10", "20"], asked);
        Assert.Equal((30, 30, 0, 0, 0), (await app.JobAsync(job)).Counts);
        Assert.Equal((30, 30), (await app.CountInAsync(organization, "contact"), await app.CountInAsync(organization, "lead")));
    }

    [Theory]
    [InlineData("cancel", null, "completed", null)]
    [InlineData("pause", null, "completed", null)]
    [InlineData("cancel", "1", "running", "cancel")]
    [InlineData("pause", "1", "running", "pause")]
    public async Task Request_while_a_page_commits_sees_what_the_page_did(string verb, string? nextCursor, string status, string? requested)
    {
        var owner = await app.CreateUserAsync("owner");
        var job = await app.CreateJobAsync(owner.OrganizationId!.Value, status: "running");
        using var client = app.As(owner);
        var now = DateTime.UtcNow;
        var claim = (await RunningJobs.ClaimAsync(
            app.Services.GetRequiredService<SalesBrainDatabase>(), Guid.NewGuid(), 3, now, now.AddMinutes(5), CancellationToken.None))!;
        Assert.Equal(job, claim.Id);
        await using var connection = new NpgsqlConnection(app.Database.Platform);
        await connection.OpenAsync();
        await using var page = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            "select app.apply_import_page(@Id, @Fence, @page::jsonb, @until, @now)",
            new { claim.Id, claim.Fence, page = ImportWorld.Page(nextCursor, ["a"]), until = now.AddMinutes(5), now }, page);

        var asking = client.ControlAsync(job, verb);
        await Eventually.HoldsAsync(async () => asking.IsCompleted || await WaitingAsync() > 0, "The request waits for the page.");
        Assert.False(asking.IsCompleted);
        await page.CommitAsync();
        var (code, body) = await asking;

        Assert.Equal(status == "completed" ? HttpStatusCode.Conflict : HttpStatusCode.OK, code);
        Assert.Equal(
            status == "completed" ? "import_job_state" : null, body.TryGetProperty("code", out var problem) ? problem.GetString() : null);
        Assert.Equal(
            (status, requested, 1L), (await app.JobAsync(job)) is var after ? (after.Status, after.Requested, after.Created) : default);
        Assert.Equal(status == "completed" ? ["running", "completed"] : ["running"], await app.HistoryAsync(job));
        await app.ExecuteAsync("update app.import_job set status = 'cancelled' where id = @job and status = 'running'", new { job });
    }

    /// <summary>Sessions of the database that wait for a lock.</summary>
    private Task<long> WaitingAsync() => app.QuerySingleAsync<long>(
        "select count(*) from pg_locks l join pg_stat_activity a on a.pid = l.pid where not l.granted and a.datname = current_database()");
}
