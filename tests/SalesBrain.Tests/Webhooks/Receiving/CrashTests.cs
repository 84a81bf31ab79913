using System.Collections.Concurrent;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Receiving;

/// <summary>The promise of a 2xx, kept through a crash.</summary>
public sealed class CrashTests(TestApp app) : IClassFixture<TestApp>
{
    private const int Burst = 2000;

    [Fact]
    public async Task Host_killed_in_a_burst_keeps_every_answered_delivery_and_processes_it_once()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        var answered = new ConcurrentDictionary<Guid, string>();
        var isKilled = 0;

        await using (var host = await HostProcess.StartAsync(app.Database, app.AllSettings))
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, Burst), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
            {
                try
                {
                    using var response = await host.Http.PostTextAsync(endpoint.Path, Delivery(i));
                    if (response.IsSuccessStatusCode)
                    {
                        answered[(await response.DataAsync()).GetProperty("id").GetGuid()] = $"lead{i}@example.org";
                    }
                }
                catch (HttpRequestException)
                {
                    // Killed: no answer, no promise.
                }
                // By the delivery that finds out: another thread might get its turn after the burst.
                if (answered.Count > Burst / 2 && Interlocked.Exchange(ref isKilled, 1) == 0)
                {
                    await host.KillAsync();
                }
            });
        }
        Assert.InRange(answered.Count, Burst / 2, Burst - 1);

        // The test's own app, on the same database, is the host started again; its timer takes what was left.
        using var fired = await app.Http.PostAsync("/admin/functions/ProcessPendingWebhooks", null);
        Assert.True(fired.IsSuccessStatusCode);
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        var logs = await app.QueryAsync<Log>("""
            select l.id, l.contact_email as email, l.status,
                (select count(*) from app.activity a where a.organization_id = l.organization_id and a.webhook_log_id = l.id)::int as activities
            from app.webhook_log l where l.organization_id = @OrganizationId
            """, endpoint);
        Assert.All(answered, promise => Assert.Contains(logs, log => log.Id == promise.Key && log.Email == promise.Value));
        Assert.All(logs, log => Assert.Equivalent(new { Status = "processed", Activities = 1 }, log));
        var counted = await app.QuerySingleJsonAsync("""
            select count(*) as leads, sum(sent_count) as contacted, count(*) filter (where sent_count > 0) as contacted_leads
            from app.lead where organization_id = @OrganizationId
            """, endpoint);
        (await app.QuerySingleJsonAsync("""
            select sum(leads) as leads, sum(contacted) as contacted, sum(contacted_leads) as contacted_leads
            from app.campaign_counter where organization_id = @OrganizationId
            """, endpoint)).AssertIncludes(counted.GetRawText());
        Assert.Equal(logs.Count, await app.QuerySingleAsync<int>(
            "select sum(contacted) from app.campaign_counter where organization_id = @OrganizationId", endpoint));
    }

    private static string Delivery(int i) => Deliveries.Fixture(
        "email_sent", ("lead_email", $"lead{i}@example.org"), ("email", null), ("campaign_id", $"campaign-{i % 7}"));

    private sealed record Log
    {
        public Guid Id { get; init; }
        public string Email { get; init; } = "";
        public string Status { get; init; } = "";
        public int Activities { get; init; }
    }
}
