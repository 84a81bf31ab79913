using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm.RandomOperations;

/// <summary>
/// Whatever parallel writers do with campaigns, contacts and leads, every number that the app keeps is what counting rows gives, and no
/// writer fails because of another.
/// </summary>
public sealed class RandomOperationsTests(TestApp app) : IClassFixture<TestApp>
{
    private const int Writers = 16;

    [Fact]
    public Task Numbers_equal_counted_rows_after_random_operations() => RunAsync(1_500);

    [Fact]
    public Task Numbers_equal_counted_rows_after_many_random_operations()
    {
        LargeRun.Only();
        return RunAsync(20_000);
    }

    private async Task RunAsync(int operations)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SALESBRAIN_TEST_SEED"), out var given)
            ? given
            : Random.Shared.Next(1, 1_000_000);
        using var work = new SalesWork(app, seed);
        try
        {
            await work.RunAsync(operations, Writers);
            await AssertAsync(work);
        }
        catch (Exception e)
        {
            throw new Xunit.Sdk.XunitException($"With SALESBRAIN_TEST_SEED={seed}: {e.Message}\n{Describe(work)}", e);
        }
    }

    private async Task AssertAsync(SalesWork work)
    {
        Assert.True(work.Failures.IsEmpty, string.Join('\n', work.Failures));
        Assert.DoesNotContain(
            await TestCluster.ReadLogAsync(app.Database), line => line.Contains("deadlock detected", StringComparison.Ordinal));
        Assert.DoesNotContain(
            app.Logs.Lines,
            line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal));
        // Operations had effects, not only refusals. Rare ones may have had bad luck, and so may retries: most events have not failed.
        foreach (var operation in work.Responses.GroupBy(response => response.Key.Operation)
            .Where(operation => operation.Sum(response => response.Value) >= (operation.Key == "retry an event" ? 200 : 20)))
        {
            Assert.Contains(operation, response => (int)response.Key.Status < 300);
        }

        Assert.Empty(await CountedRows.WrongCampaignCountersAsync(app, work.OrganizationId));
        Assert.Empty(await CountedRows.WrongLeadCountersAsync(app, work.OrganizationId));
        Assert.Empty(await CountedRows.WrongStatusChangesAsync(app, work.OrganizationId));
        Assert.Empty(await CountedRows.WrongScoresAsync(app, work.OrganizationId));
        using var client = app.As(work.Owner);
        await AssertCampaignsAsync(work, client);
        await AssertContactsAsync(work, client);
        await AssertTotalsAsync(work, client);
        await app.ExecuteAsync("select app.fold_tally_changes(1000000)");
        await AssertTotalsAsync(work, client);
    }

    private async Task AssertCampaignsAsync(SalesWork work, HttpClient client)
    {
        var counted = (await CountedRows.CampaignsAsync(app, work.OrganizationId)).EnumerateArray().ToList();
        Assert.NotEmpty(counted);
        foreach (var campaign in counted)
        {
            var id = campaign.GetProperty("id").GetGuid();
            (await client.GetDataAsync($"{CrmWorld.Campaigns}/{id}")).AssertIncludes(campaign.GetRawText());
            var analytics = await client.GetDataAsync($"{CrmWorld.Campaigns}/{id}/analytics?range=7d&tz=UTC");
            analytics.GetProperty("totals").AssertIncludes((await CountedRows.AnalyticsAsync(app, id)).GetRawText());
        }
    }

    private async Task AssertContactsAsync(SalesWork work, HttpClient client)
    {
        var counted = await CountedRows.ContactScoresAsync(app, work.OrganizationId);
        var shown = new Dictionary<Guid, int>();
        string? cursor = null;
        do
        {
            var page = await client.PageAsync($"{ContactWorld.Path}?page_size=200&cursor={cursor}");
            foreach (var contact in page.GetProperty("data").EnumerateArray())
            {
                shown.Add(contact.GetProperty("id").GetGuid(), contact.GetProperty("lead_score").GetInt32());
            }
            cursor = page.NextCursor();
        }
        while (cursor is not null);
        Assert.Equal(counted.OrderBy(pair => pair.Key), shown.OrderBy(pair => pair.Key));
    }

    private async Task AssertTotalsAsync(SalesWork work, HttpClient client)
    {
        var counted = await CountedRows.TotalsAsync(app, work.OrganizationId);
        long Number(string name) => counted.GetProperty(name).GetInt64();
        var dashboard = await client.GetDataAsync("/api/admin/dashboard/stats");
        Assert.Equal(Number("contacts"), dashboard.GetProperty("contacts").GetInt64());
        dashboard.GetProperty("leads").AssertIncludes(counted.GetProperty("leads").GetString()!);
        dashboard.GetProperty("webhooks").AssertIncludes(new { PendingNow = Number("pending"), FailedNow = Number("failed") });
        var kept = await app.QuerySingleJsonAsync("""
            select coalesce(sum(t.processed), 0)::bigint as processed, coalesce(sum(t.pending + t.processed + t.ignored + t.failed + t.dead), 0)::bigint as logs
            from (
                select pending, processed, ignored, failed, dead from app.webhook_log_tally
                where organization_id = @OrganizationId and period = 'ever'
                union all
                select case status when 'pending' then change else 0 end, case status when 'processed' then change else 0 end,
                    case status when 'ignored' then change else 0 end, case status when 'failed' then change else 0 end,
                    case status when 'dead' then change else 0 end
                from app.tally_change where organization_id = @OrganizationId and subject = 'webhook_log'
            ) t
            """, new { work.OrganizationId });
        kept.AssertIncludes(new { Processed = Number("processed"), Logs = Number("logs") });
        // Every processed event has exactly one activity.
        Assert.Equal((Number("processed"), Number("processed")), (Number("activities"), Number("logs_with_activity")));
    }

    private string Describe(SalesWork work) => string.Join('\n', app.Logs.Lines.Where(line => line.StartsWith("Error", StringComparison.Ordinal)).Take(5)) + string.Join('\n', work.Responses
        .OrderBy(pair => pair.Key.Operation, StringComparer.Ordinal)
        .Select(pair => $"{pair.Key.Operation} {(int)pair.Key.Status}: {pair.Value}"));
}
