using Microsoft.Extensions.DependencyInjection;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Retention;

public sealed class ApplyWebhookRetentionTests(ApplyWebhookRetentionTests.AtYearsEnd app) : IClassFixture<ApplyWebhookRetentionTests.AtYearsEnd>
{
    [Fact]
    public async Task Expired_data_is_deleted_and_unfinished_logs_stay()
    {
        var organization = await app.CreateOrganizationAsync();
        // Whole months past every retention, with and without something to keep; and the months that are trimmed.
        await CreateAsync(organization, "2024-03-10", "processed", "dead");
        await CreateAsync(organization, "2024-05-10", "processed", "ignored", "failed", "pending");
        await CreateAsync(organization, "2025-03-10", "processed", "dead", "failed");
        await CreateAsync(organization, "2025-10-01", "processed", "ignored", "dead", "pending");
        await CreateAsync(organization, "2025-12-10", "processed", "dead");

        await RunAsync();

        Assert.Equal(
            ["2024-05 failed", "2024-05 pending", "2025-03 dead", "2025-03 failed", "2025-10 dead", "2025-10 pending", "2025-12 dead", "2025-12 processed"],
            await app.QueryAsync<string>("select to_char(created_at, 'YYYY-MM ') || status from app.webhook_log where organization_id = @organization order by 1", new { organization }));
        Assert.Equal(
            ["2024-05 failed", "2024-05 pending", "2025-03 failed", "2025-10 pending", "2025-12 dead", "2025-12 processed"],
            await app.QueryAsync<string>("""
                select to_char(l.created_at, 'YYYY-MM ') || l.status from app.webhook_payload p join app.webhook_log l on l.created_at = p.created_at and l.id = p.log_id
                where p.organization_id = @organization order by 1
                """, new { organization }));
        Assert.False(await app.QuerySingleAsync<bool>("select to_regclass('app.webhook_log_2024_03') is not null"));
        Assert.False(await app.QuerySingleAsync<bool>("select to_regclass('app.webhook_payload_2024_03') is not null"));
        Assert.True(await app.QuerySingleAsync<bool>("select to_regclass('app.webhook_log_2024_05') is not null"));

        // Nothing is left for a second run, also when two come at once.
        await Task.WhenAll(RunAsync(), RunAsync());
        Assert.Equal(8, await app.QuerySingleAsync<int>("select count(*) from app.webhook_log where organization_id = @organization", new { organization }));
    }

    [Fact]
    public async Task Receipts_older_than_35_days_are_forgotten()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.ExecuteAsync("""
            insert into app.webhook_receipt (organization_id, key, log_id, log_created_at)
            values (@organization, '\x01', gen_random_uuid(), '2025-11-20'), (@organization, '\x02', gen_random_uuid(), '2025-12-20')
            """, new { organization });

        await RunAsync();

        Assert.Equal(1, await app.QuerySingleAsync<int>("select count(*) from app.webhook_receipt where organization_id = @organization", new { organization }));
    }

    private Task RunAsync() => app.Services.CreateScope().ServiceProvider.GetRequiredService<TimerRunner>().RunAsync("ApplyWebhookRetention", CancellationToken.None);

    private Task CreateAsync(Guid organization, string day, params string[] statuses) => app.ExecuteAsync("""
        select app.ensure_month_partitions(@day::timestamptz, 1);
        with made as (
            insert into app.webhook_log (id, organization_id, event_source, event_type, status, due_at, processed_at, occurred_at, created_at, last_delivered_at)
            select gen_random_uuid(), @organization, 'instantly', 'email.sent', s,
                case when s in ('pending', 'failed') then timestamptz '2030-01-01' end, case when s = 'processed' then now() end, @day::timestamptz, @day::timestamptz, @day::timestamptz
            from unnest(@statuses) s
            returning id, organization_id, created_at
        )
        insert into app.webhook_payload (log_id, organization_id, created_at, body) select id, organization_id, created_at, '\x00' from made
        """, new { organization, day, statuses });

    public sealed class AtYearsEnd : TestApp
    {
        private readonly FakeTimeProvider _time = new(new DateTimeOffset(2025, 12, 31, 12, 0, 0, TimeSpan.Zero));

        public override TimeProvider Clock => _time;
    }
}
