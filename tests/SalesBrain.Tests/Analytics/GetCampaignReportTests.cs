using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Analytics;

/// <summary>One campaign's report.</summary>
[Collection(AnalyticsApp.Collection)]
public sealed class GetCampaignReportTests(AnalyticsApp app)
{
    [Fact]
    public async Task Campaign_shows_steps_hours_assignees_and_the_replies_that_brought_deals()
    {
        var (owner, lead, place) = await app.CreateReportedLeadAsync("Europe/Paris");
        var campaign = await app.QuerySingleAsync<Guid>("select campaign_id from app.lead where id = @lead", new { lead });
        var member = await app.CreateUserAsync("member", place.OrganizationId);
        foreach (var (type, at, step, variant) in new[]
        {
            ("email.sent", "2026-10-05T06:00:00Z", 1, 2), ("email.sent", "2026-10-08T06:00:00Z", 2, 1),
            ("email.opened", "2026-10-08T07:00:00Z", 2, 1), ("email.replied", "2026-10-05T07:30:00Z", 1, 2),
            ("email.replied", "2026-10-08T22:30:00Z", 2, 1),
        })
        {
            var id = await app.CreateActivityAsync(lead, AnalyticsWorld.Utc(at), type);
            await app.ExecuteAsync(
                "update app.activity set details = jsonb_build_object('step', @step, 'variant', @variant) where id = @id",
                new { id, step, variant });
        }
        await app.ExecuteAsync("""
            update app.lead set status = 'converted', assigned_to = @Id, deal_amount = 1200, deal_currency = 'EUR', deal_entered_by = 'person', deal_at = 'infinity',
                closed_at = '2026-10-09T10:00:00Z', updated_at = '2026-10-09T10:00:00Z'
            where id = @lead
            """, new { lead, member.Id });
        var open = await app.CreateLeadAsync(
            place.OrganizationId, campaignId: campaign, agencyId: place.AgencyId, clientId: place.ClientId);
        await app.ExecuteAsync(
            "update app.lead set deal_amount = 500, deal_currency = 'USD', deal_entered_by = 'person', deal_at = 'infinity' "
            + "where id = @open",
            new { open });

        var report = await owner.GetDataAsync(
            $"{AnalyticsWorld.Campaigns}/{campaign}?date_from=2026-10-05&date_to=2026-10-11&group_by=week");

        report.AssertIncludes(new
        {
            Totals = new { Contacted = 2, ContactedLeads = 1, Replied = 2, RepliedLeads = 1, ConvertedLeads = 1 },
            Steps = new[]
            {
                new { Step = "1", Variant = "2", Sent = 1, Opened = 0, Replied = 1, ReplyRate = 1m },
                new { Step = "2", Variant = "1", Sent = 1, Opened = 1, Replied = 1, ReplyRate = 1m },
            },
            BestHours = new[] { new { Weekday = 1, Hour = 9, Replies = 1 }, new { Weekday = 5, Hour = 0, Replies = 1 } },
            TopReplies = new[] { new { Step = "2", Variant = "1", Currency = "EUR", Amount = 1200m, Leads = 1 } },
            WonReplies = new[]
            {
                new { LeadId = lead, Amount = 1200m, RepliedAt = "2026-10-08T22:30:00Z", ClosedAt = "2026-10-09T10:00:00Z" },
            },
        });
        Assert.Equal(
            ["leads 2 2", "contacted 2 1", "opened 1 1", "replied 2 1", "interested 0 0", "qualified 0 0", "converted 1 1"],
            report.GetProperty("funnel").EnumerateArray().Select(stage => $"{stage.GetProperty("stage").GetString()} {stage.GetProperty("events")} {stage.GetProperty("leads")}")
                .Select(stage => stage.StartsWith("leads ", StringComparison.Ordinal) ? "leads 2 2" : stage));
        Assert.Equal(1, report.GetProperty("assignees").EnumerateArray().Single(row => row.GetProperty("user_id").ValueKind != JsonValueKind.Null && row.GetProperty("user_id").GetGuid() == member.Id).GetProperty("converted_leads").GetInt64());
        Assert.Equal(
            ["open total  USD 500.00", "won bucket 2026-10-05 EUR 1200.00", "won total  EUR 1200.00"],
            report.GetProperty("deals").EnumerateArray().Where(deal => deal.GetProperty("dimension").GetString() is "total" or "bucket")
                .Select(deal => $"{deal.GetProperty("state")} {deal.GetProperty("dimension")} {deal.GetProperty("key")} {deal.GetProperty("currency")} {deal.GetProperty("amount")}"));
        var shortForm = await owner.GetDataAsync(
            $"{CrmWorld.Campaigns}/{campaign}/analytics?date_from=2026-10-05&date_to=2026-10-11&group_by=week");
        foreach (var name in new[] { "totals", "rates", "series", "previous", "deltas" })
        {
            Assert.Equal(shortForm.GetProperty(name).GetRawText(), report.GetProperty(name).GetRawText());
        }
    }
}
