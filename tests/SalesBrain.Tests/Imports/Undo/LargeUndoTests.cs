using System.Net.Http.Headers;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Imports.Undo;

/// <summary>A large job is undone while people work on its leads, and its host is killed.</summary>
public sealed class LargeUndoTests(LargeRunApp app) : IClassFixture<LargeRunApp>
{
    private const int People = 100_000;
    private const int Worked = 1000;

    [Fact]
    public async Task Interrupted_undo_of_100000_leads_goes_on_and_keeps_what_was_worked_on()
    {
        LargeRun.Only();
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var campaign = await app.CreateCampaignAsync(organization);
        var job = await app.CreateImportedJobAsync(organization, campaign, People);
        await app.ExecuteAsync("analyze app.contact; analyze app.lead; analyze app.import_job_row; analyze app.contact_external_id");
        await WorkAsync(job, "n % 100 = 0 and n <= 50000");

        await using (var host = await HostProcess.StartAsync(app.Database, app.AllSettings))
        {
            host.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.TokenOf(owner));
            var call = host.Http.PostAsync($"{ImportWorld.Jobs}/{job}/undo", null);
            await Eventually.HoldsAsync(async () => await app.ReversedAsync(job) >= 5000, "Some batches are done.");
            await host.KillAsync();
            await call.ContinueWith(_ => { }, TaskScheduler.Default);
        }
        var reversed = await app.ReversedAsync(job);
        Assert.InRange(reversed, 5000, People - Worked - 1);
        Assert.Null(await app.QuerySingleAsync<DateTime?>("select undone_at from app.import_job where id = @job", new { job }));
        await WorkAsync(job, "n % 100 = 0 and n > 50000");
        var worked = await app.QuerySingleAsync<int>(
            "select count(*)::int from app.lead where organization_id = @organization and priority = 'high'", new { organization });

        using var client = app.As(owner);
        var undone = await client.UndoAsync(job);

        undone.AssertIncludes(new { reversed = People - worked, contacts = People - worked, restored = 0, kept = worked, complete = true });
        Assert.All(undone.Items(), item => Assert.Equal("edited", item.Value));
        (await app.QuerySingleJsonAsync("""
            select
                (select count(*)::int from app.lead where organization_id = @organization) as leads,
                (select count(*)::int from app.lead where organization_id = @organization and priority = 'high') as worked,
                (select count(*)::int from app.contact where organization_id = @organization) as contacts,
                (select sum(leads)::int from app.campaign_counter where campaign_id = @campaign) as counted,
                (select count(*)::int from app.import_job_row where job_id = @job) as rows
            """, new { organization, campaign, job })).AssertIncludes(new { leads = worked, worked, contacts = worked, counted = worked, rows = worked });
        var before = await app.RowAsync("import_job", job);
        (await client.UndoAsync(job)).AssertIncludes(new { reversed = People - worked, kept = worked, complete = true });
        Assert.Equal(before, await app.RowAsync("import_job", job));
        Assert.Equal(
            ["import_job.undo", "import_job.undo_started"],
            (await app.AuditOfAsync(job)).Select(row => row.Action).Order());
    }

    /// <summary>People change some of the leads that are still there.</summary>
    private Task<int> WorkAsync(Guid job, string which) => app.ExecuteAsync($"""
        update app.lead set priority = 'high', updated_at = now()
        where id in (select md5('lead ' || @job || n)::uuid from generate_series(1, {People}) n where {which})
        """, new { job });
}
