using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SalesBrain.Data.Imports.Jobs;
using SalesBrain.Data.Sessions;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Imports.Undo;

/// <summary>Undoing that takes several batches, or several calls.</summary>
[Collection(ClockedApp.Collection)]
public sealed class UndoBatchTests(ClockedApp app)
{
    [Fact]
    public async Task Call_whose_time_is_over_is_continued_by_the_next_one()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var job = await app.CreateImportedJobAsync(organization, await app.CreateCampaignAsync(organization), 2500);
        using var client = app.As(owner);

        // The second batch waits for somebody who works on one of its contacts, and meanwhile the time passes.
        await using var connection = new NpgsqlConnection(app.Database.Owner);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var edit = new NpgsqlCommand("""
            update app.contact set company = 'Acme'
            where id = (select contact_id from app.import_job_row where job_id = $1 order by lead_id offset 1500 limit 1)
            """, connection, transaction) { Parameters = { new() { Value = job } } })
        {
            Assert.Equal(1, await edit.ExecuteNonQueryAsync());
        }
        var call = client.PostAsync($"{ImportWorld.Jobs}/{job}/undo", new { });
        await Eventually.HoldsAsync(async () => await app.ReversedAsync(job) >= 1000, "The first batch is done.");
        await app.UntilBlockedByAsync(connection.ProcessID, "The second batch waits.");
        app.Time.Advance(TimeSpan.FromSeconds(25));
        await transaction.CommitAsync();
        using (var response = await call)
        {
            (await response.DataAsync()).AssertIncludes(new { reversed = 1999, contacts = 1999, kept = 1, complete = false });
        }
        Assert.Equal(["import_job.undo_started"], (await app.AuditOfAsync(job)).Select(row => row.Action));
        var retry = await client.ControlAsync(job, "retry");
        Assert.Equal(System.Net.HttpStatusCode.Conflict, retry.Status);

        var undone = await client.UndoAsync(job);

        undone.AssertIncludes(new { reversed = 2499, contacts = 2499, kept = 1, complete = true });
        Assert.Equal(["edited"], undone.Items().Values);
        Assert.Equal(["import_job.undo", "import_job.undo_started"], (await app.AuditOfAsync(job)).Select(row => row.Action).Order());
        Assert.Equal(1, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.contact where organization_id = @organization", new { organization }));
    }

    [Fact]
    public async Task Small_batches_come_to_the_same_and_leave_nothing_out()
    {
        var organization = await app.CreateOrganizationAsync();
        var campaign = await app.CreateCampaignAsync(organization);
        var job = await app.CreateImportedJobAsync(organization, campaign, 40);
        // Ten people have a second lead of the same job, five of them one that was worked on.
        await app.ExecuteAsync("""
            insert into app.lead (id, organization_id, contact_id, source)
            select md5('second ' || @job || n)::uuid, @organization, md5('contact ' || @job || n)::uuid, 'api' from generate_series(1, 10) n;
            insert into app.import_job_row (organization_id, job_id, lead_id, contact_id, contact_created, lead_created, contact_version, lead_version, at)
            select @organization, @job, md5('second ' || @job || n)::uuid, md5('contact ' || @job || n)::uuid, true, true, 1, 1, now() from generate_series(1, 10) n;
            update app.lead set priority = 'high' where id in (select md5('second ' || @job || n)::uuid from generate_series(1, 5) n);
            """, new { job, organization });
        var database = app.Services.GetRequiredService<SalesBrainDatabase>();

        var (reversed, contacts, kept, items) = (0L, 0L, 0L, 0);
        for (Guid? after = null; ;)
        {
            var part = await ImportUndo.PreviewAsync(database.ReadPlatform(), job, after, 7, 1000, CancellationToken.None);
            (reversed, contacts, kept, items) = (reversed + part.Reversed, contacts + part.Contacts, kept + part.Kept, items + part.Items.GetArrayLength());
            if (part.LastId is not { } last)
            {
                break;
            }
            after = last;
        }
        Assert.Equal((45, 35, 5, 5), (reversed, contacts, kept, items));

        UndoneBatch batch;
        var batches = 0;
        Guid? start = null;
        do
        {
            batch = await ImportUndo.UndoAsync(
                database.AutoCommitPlatform(), job, start, 7, app.Now.AddDays(-30), app.Now, CancellationToken.None);
            Assert.Equal(++batches == 1, batch.IsFirst);
            start = batch.LastId;
        }
        while (!batch.IsComplete && batches < 20);
        Assert.Equal((45, 35, 5, true), (batch.Reversed, batch.Contacts, batch.Kept, batch.IsComplete));
        Assert.InRange(batches, 5, 8);
        Assert.Equal(5, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.contact where organization_id = @organization", new { organization }));

        // What was kept is listed page by page.
        var (first, next) = await ImportUndo.ListKeptAsync(database.ReadPlatform(), job, null, 3, CancellationToken.None);
        var (second, end) = await ImportUndo.ListKeptAsync(database.ReadPlatform(), job, next, 3, CancellationToken.None);
        Assert.Equal((3, 2, null), (first.Count, second.Count, end));
        Assert.Equal(5, first.Concat(second).Select(item => item.Id).Distinct().Count());
    }

    [Fact]
    public async Task Admin_of_an_agency_undoes_only_its_own_jobs()
    {
        var organization = await app.CreateOrganizationAsync();
        var (agency, other) = (await app.CreateAgencyAsync(organization), await app.CreateAgencyAsync(organization));
        var admin = await app.CreateUserAsync("agency_admin", organization, agency);
        var job = await app.CreateImportedJobAsync(organization, await app.CreateCampaignAsync(organization), 2);
        var context = new TenantContext(organization, admin.Id, admin.Role, agency, null);
        var database = app.Services.GetRequiredService<SalesBrainDatabase>();

        foreach (var owned in new[] { null, (Guid?)other })
        {
            await app.ExecuteAsync("update app.import_job set agency_id = @owned where id = @job", new { owned, job });
            var refused = await Assert.ThrowsAsync<PostgresException>(() => ImportUndo.UndoAsync(
                database.AutoCommitTenant(context), job, null, 10, app.Now.AddDays(-30), app.Now, CancellationToken.None));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
            await Assert.ThrowsAsync<PostgresException>(
                () => ImportUndo.PreviewAsync(database.ReadTenant(context), job, null, 10, 10, CancellationToken.None));
        }
        await app.ExecuteAsync("update app.import_job set agency_id = @agency where id = @job", new { agency, job });
        var batch = await ImportUndo.UndoAsync(
            database.AutoCommitTenant(context), job, null, 10, app.Now.AddDays(-30), app.Now, CancellationToken.None);
        Assert.Equal((2, true), (batch.Reversed, batch.IsComplete));
    }
}
