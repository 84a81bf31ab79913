using Microsoft.Extensions.DependencyInjection;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Retention;

public sealed class ApplyWebhookRetentionTests(ApplyWebhookRetentionTests.AtYearsEnd app)
    : IClassFixture<ApplyWebhookRetentionTests.AtYearsEnd>
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
            await app.QueryAsync<string>(
                "select to_char(created_at, 'YYYY-MM ') || status from app.webhook_log where organization_id = @organization order by 1",
                new { organization }));
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
        Assert.Equal(8, await app.QuerySingleAsync<int>(
            "select count(*) from app.webhook_log where organization_id = @organization", new { organization }));
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

        Assert.Equal(1, await app.QuerySingleAsync<int>(
            "select count(*) from app.webhook_receipt where organization_id = @organization", new { organization }));
    }

    [Fact]
    public async Task Headers_go_with_the_last_payload_of_their_delivery_and_counts_of_rejections_after_a_day()
    {
        var organization = await app.CreateOrganizationAsync();
        var endpoint = await app.CreateTokenEndpointAsync(organization);
        await CreateAsync(organization, "2024-02-10", "processed");
        await CreateAsync(organization, "2025-11-10", "processed", "failed");
        await CreateAsync(organization, "2025-12-10", "processed");
        await app.ExecuteAsync("""
            insert into app.webhook_delivery (id, organization_id, created_at, headers)
            select gen_random_uuid(), @organization, day::timestamptz, '{}' from unnest(array['2024-02-10', '2025-11-10', '2025-11-11', '2025-12-10']) day;
            update app.webhook_payload p set delivery_id = d.id
            from app.webhook_delivery d where d.organization_id = p.organization_id and d.created_at = p.created_at and p.organization_id = @organization;
            insert into app.webhook_rejection_count (organization_id, endpoint_id, hour, deliveries)
            values (@organization, @Id, '2025-12-30 11:00Z', 200), (@organization, @Id, '2025-12-31 11:00Z', 1);
            """, new { organization, endpoint.Id });

        await RunAsync();

        Assert.Equal(["2025-11-10", "2025-12-10"], await app.QueryAsync<string>(
            "select to_char(created_at, 'YYYY-MM-DD') from app.webhook_delivery where organization_id = @organization order by 1",
            new { organization }));
        Assert.False(await app.QuerySingleAsync<bool>("select to_regclass('app.webhook_delivery_2024_02') is not null"));
        Assert.Equal([1L], await app.QueryAsync<long>(
            "select deliveries from app.webhook_rejection_count where organization_id = @organization", new { organization }));
    }

    private Task RunAsync() =>
        app.Services.CreateScope().ServiceProvider.GetRequiredService<TimerRunner>()
            .RunAsync("ApplyWebhookRetention", CancellationToken.None);

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
