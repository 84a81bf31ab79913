using Microsoft.Extensions.DependencyInjection;
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

        Assert.Null(await RunningJobs.ApplyPageAsync(database, first, ImportWorld.Page("1"), now.AddSeconds(120), now, CancellationToken.None));
        Assert.Null(await RunningJobs.GiveBackAsync(database, first, JobReturn.EndOfSlice, now, CancellationToken.None));
        Assert.Equal(before, await app.RowAsync("import_job", job));
        Assert.Equal(0, await app.CountInAsync(organization, "contact"));

        // Paused and resumed: the lease is gone, and the number too.
        await app.ExecuteAsync("update app.import_job set status = 'paused' where id = @job; update app.import_job set status = 'running', next_run_at = now() + interval '1 hour' where id = @job", new { job });
        Assert.Null(await RunningJobs.ApplyPageAsync(database, second, ImportWorld.Page("1"), now.AddSeconds(120), now, CancellationToken.None));
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
}
