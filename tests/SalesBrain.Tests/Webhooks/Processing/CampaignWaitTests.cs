using Dapper;
using Npgsql;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Processing;

/// <summary>Events of one campaign do not wait for each other: its counters are spread, and its row is not locked.</summary>
public sealed class CampaignWaitTests(TestApp app) : IClassFixture<TestApp>
{
    private const string Campaign = "busy";

    [Theory]
    [InlineData("email_sent", "email.sent", "sent")]
    [InlineData("reply_received", "email.replied", "replied")]
    [InlineData("lead_interested", "lead.interested", "interested")]
    public async Task Event_is_processed_while_another_of_its_campaign_is_not_committed(string wireName, string type, string counter)
    {
        var organization = await app.CreateOrganizationAsync();
        var endpoint = await app.CreateTokenEndpointAsync(organization);
        foreach (var person in new[] { "held", "free" })
        {
            await DeliverAsync(endpoint, "email_sent", person);
        }
        await app.UntilProcessedAsync(organization);
        await using var source = NpgsqlDataSource.Create(app.Database.Owner);
        await using var other = await OpenOnOtherShardAsync(source);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await other.ExecuteAsync("""
            select app.apply_webhook_events(jsonb_build_array(jsonb_build_object(
                'log_id', gen_random_uuid(), 'log_created_at', now(), 'organization_id', @organization, 'event_source', 'instantly', 'event_type', @type,
                'counter', @counter, 'occurred_at', now(), 'activity_id', gen_random_uuid(), 'campaign_external_id', @Campaign,
                'email_norm', 'held@prospect.example')), now())
            """, new { organization, type, counter, Campaign });

        await DeliverAsync(endpoint, wireName, "free");
        await UntilAsync(organization, "free", processed: 2);

        // The same contact's next event waits: the transaction above holds what processing locks.
        await DeliverAsync(endpoint, wireName, "held");
        await app.UntilBlockedByAsync(other.ProcessID, "The event of the same contact waits.");
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await app.UntilProcessedAsync(organization);
        Assert.Equal(type == "email.sent" ? 5 : 3, await app.QuerySingleAsync<int>(
            $"select sum({(type == "email.sent" ? "contacted" : counter)}) from app.campaign_counter where organization_id = @organization",
            new { organization }));
    }

    private Task DeliverAsync(TokenEndpoint endpoint, string wireName, string person) => app.DeliverAsync(endpoint, Deliveries.Fixture(
        "email_sent", ("event_type", wireName), ("lead_email", $"{person}@prospect.example"), ("email", null), ("campaign_id", Campaign),
        ("timestamp", DateTime.UtcNow.ToString("O"))));

    /// <summary>
    /// A session that writes other counters of the campaign than the app's sessions do. Each session has one of 16; two that have the same
    /// one wait for each other.
    /// </summary>
    private static async Task<NpgsqlConnection> OpenOnOtherShardAsync(NpgsqlDataSource source)
    {
        for (var attempt = 0; ; attempt++)
        {
            var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
            if (attempt == 40 || !await connection.QuerySingleAsync<bool>("""
                select exists (
                    select from pg_stat_activity a
                    where a.datname = current_database() and a.usename = 'salesbrain_platform' and a.pid % 16 = pg_backend_pid() % 16)
                """))
            {
                return connection;
            }
        }
    }

    private Task UntilAsync(Guid organization, string person, int processed) => Eventually.HoldsAsync(
        async () => processed == await app.QuerySingleAsync<int>(
            "select count(*) from app.webhook_log where organization_id = @organization and contact_email_norm = @email "
            + "and status = 'processed'",
            new { organization, email = $"{person}@prospect.example" }),
        "The event does not wait for the other one of its campaign.");
}
