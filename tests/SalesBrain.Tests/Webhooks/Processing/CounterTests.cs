using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Processing;

/// <summary>A campaign's counters are what counting its live leads would give, whatever was done in whatever order.</summary>
[Collection(SerialApp.Collection)]
public sealed class CounterTests(SerialApp app)
{
    private static readonly string[] Types =
        ["email_sent", "email_opened", "link_clicked", "reply_received", "email_bounced", "lead_unsubscribed", "lead_interested", "lead_closed", "lead_neutral"];

    [Fact]
    public async Task Counters_equal_counted_rows_after_parallel_webhooks_edits_and_deletes()
    {
        var organization = await app.CreateOrganizationAsync();
        var endpoint = await app.CreateTokenEndpointAsync(organization);
        var random = new Random(20260131);
        var bodies = Enumerable.Range(0, 600).Select(i => Deliveries.Fixture(
            "email_sent", ("event_type", Types[random.Next(Types.Length)]), ("lead_email", $"lead{random.Next(60)}@example.org"),
            ("email", null), ("campaign_id", $"campaign-{random.Next(4)}"),
            ("timestamp", DateTime.UtcNow.AddSeconds(-i).ToString("O")))).ToArray();
        var edits = new[]
        {
            "update app.lead set status = 'qualified' where organization_id = @organization and id in (select id from app.lead "
            + "where organization_id = @organization order by random() limit 5 for update skip locked)",
            "update app.lead set deleted_at = now() where organization_id = @organization and id in (select id from app.lead "
            + "where organization_id = @organization and deleted_at is null order by random() limit 2 for update skip locked)",
            "with gone as (select id from app.lead where organization_id = @organization order by random() limit 1 for "
            + "update skip locked), a as (delete from app.activity where lead_id in (select id from gone)) delete from app.lead "
            + "where id in (select id from gone)",
        };

        await Parallel.ForEachAsync(Enumerable.Range(0, bodies.Length + 60), new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (i, _) =>
        {
            if (i % 11 == 10)
            {
                await app.ExecuteAsync(edits[i / 11 % edits.Length], new { organization });
            }
            else if (i < bodies.Length)
            {
                await app.DeliverAsync(endpoint, bodies[i]);
            }
        });
        await app.UntilProcessedAsync(organization);

        const string Columns = "leads, contacted, opened, clicked, replied, bounced, unsubscribed, interested, contacted_leads, opened_leads, "
            + "clicked_leads, replied_leads, bounced_leads, unsubscribed_leads, interested_leads, qualified_leads, converted_leads";
        var kept = await app.QueryAsync<string>($"""
            select row(campaign_id, {string.Join(", ", Columns.Split(", ").Select(column => $"sum({column})::bigint"))})::text
            from app.campaign_counter where organization_id = @organization group by campaign_id order by campaign_id
            """, new { organization });
        var counted = await app.QueryAsync<string>("""
            select row(campaign_id, count(*), sum(sent_count), sum(opened_count), sum(clicked_count), sum(replied_count), sum(bounced_count),
                sum(unsubscribed_count), sum(interested_count), count(*) filter (where sent_count > 0), count(*) filter (where opened_count > 0),
                count(*) filter (where clicked_count > 0), count(*) filter (where replied_count > 0), count(*) filter (where bounced_count > 0),
                count(*) filter (where unsubscribed_count > 0), count(*) filter (where interested_count > 0),
                count(*) filter (where status = 'qualified'), count(*) filter (where status = 'converted'))::text
            from app.lead where organization_id = @organization and deleted_at is null group by campaign_id order by campaign_id
            """, new { organization });
        Assert.Equal(4, kept.Count);
        Assert.Equal(counted, kept);
    }
}
