using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Tallies;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Stats;

/// <summary>The app on Tuesday 10 March 2026, 10:20:30 UTC.</summary>
public sealed class StatsApp : TestApp
{
    public static readonly DateTimeOffset Now = new(2026, 3, 10, 10, 20, 30, TimeSpan.Zero);

    public override TimeProvider? Clock { get; } = new FakeTimeProvider(Now);
}

/// <summary>Webhook logs as statistics see them.</summary>
internal static class StatsWorld
{
    /// <summary>Logs that were received at one time (RFC 3339), in one statement.</summary>
    internal static async Task CreateLogsAsync(
        this TestApp app, Guid organizationId, string at, string status = "processed", int count = 1, string type = "email.sent",
        string source = "instantly", int processingMs = 20)
    {
        var receivedAt = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);
        await app.ExecuteAsync("""
            select app.ensure_month_partitions(@receivedAt, 1);
            insert into app.webhook_log (
                id, organization_id, event_source, event_type, status, due_at, occurred_at, created_at, processed_at, processing_ms, last_delivered_at)
            select id, @organizationId, @source, @type, @status, case when @status in ('pending', 'failed') then @receivedAt end, @receivedAt, @receivedAt,
                case when @status = 'processed' then @receivedAt end, case when @status = 'processed' then @processingMs end, @receivedAt
            from unnest(@ids) id
            """, new
        {
            organizationId,
            receivedAt = receivedAt.UtcDateTime,
            source,
            type,
            status,
            processingMs,
            ids = Enumerable.Range(0, count).Select(_ => WebhookLogIds.Create(receivedAt).Id).ToArray(),
        });
    }

    /// <summary>Adds the tallies' changes up, as the timer does; answers how many.</summary>
    internal static Task<long> FoldTalliesAsync(this TestApp app) =>
        TallyChanges.FoldAsync(app.Services.GetRequiredService<SalesBrainDatabase>().AutoCommitPlatform(), CancellationToken.None);
}
