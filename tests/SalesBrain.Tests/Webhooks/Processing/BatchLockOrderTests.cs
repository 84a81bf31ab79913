using Microsoft.Extensions.DependencyInjection;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Processing;

/// <summary>A batch changes logs in several statements. Two batches with the same organizations do not deadlock.</summary>
[Collection(ClockedApp.Collection)]
public sealed class BatchLockOrderTests(ClockedApp app)
{
    [Fact]
    public async Task Versions_of_log_lists_are_locked_by_organization_in_all_statements()
    {
        var organizations = new[] { await app.CreateOrganizationAsync(), await app.CreateOrganizationAsync() }.Order().ToArray();
        var (first, later) = (organizations[0], organizations[1]);
        var due = app.Now.AddHours(1);
        // The first one's payload is gone, which is recorded after the effects of the later one's.
        var failed = await app.CreateWebhookLogAsync(first, "pending", dueAt: due, body: null);
        var applied = await app.CreateWebhookLogAsync(later, "pending", contactEmail: "ada@prospect.example", dueAt: due, body: """
            {"event_type": "email_sent", "timestamp": "2026-01-15T09:30:00Z", "lead_email": "ada@prospect.example"}
            """);
        // Of every session.
        await app.ExecuteAsync("""
            insert into app.webhook_log_version (organization_id, shard, version)
            select o.id, s.number, 0 from unnest(@organizations) as o (id) cross join generate_series(0, 15) as s (number)
            on conflict (organization_id, shard) do nothing
            """, new { organizations });

        await OtherSession.LockAroundAsync(
            app,
            "select from app.webhook_log_version where organization_id = @first for update",
            "select from app.webhook_log_version where organization_id = @later for update nowait",
            new { first, later },
            async () =>
            {
                app.Time.Advance(TimeSpan.FromHours(2));
                await app.Services.GetRequiredService<TimerRunner>().RunAsync("ProcessPendingWebhooks", TestContext.Current.CancellationToken);
            });

        Assert.Equal(
            ["dead", "processed"],
            await app.QueryAsync<string>(
                "select case when status in ('failed', 'dead') then 'dead' else status end from app.webhook_log where id = any (@ids) order by 1",
                new { ids = new[] { failed, applied } }));
    }
}
