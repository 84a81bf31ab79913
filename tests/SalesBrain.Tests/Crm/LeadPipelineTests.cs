using SalesBrain.Tests.App;
using SalesBrain.Tests.Organizations;

namespace SalesBrain.Tests.Crm;

/// <summary>The view <c>app.lead_pipeline</c>.</summary>
public sealed class LeadPipelineTests(TestApp app)
{
    [Fact]
    public async Task Leads_are_counted_and_their_deals_summed_by_status_and_currency()
    {
        var place = await CrmPlace.CreateAsync(app);
        var campaign = await app.CreateCampaignAsync(place.OrganizationId, agencyId: place.AgencyId, clientId: place.ClientId);
        foreach (var (amount, currency, score) in new (decimal?, string?, int)[] { (100.25m, "EUR", 10), (200, "EUR", 20), (50, "USD", 31), (7, null, 40), (null, null, 50) })
        {
            var id = await app.CreateLeadAsync(
                place.OrganizationId, campaignId: campaign, agencyId: place.AgencyId, clientId: place.ClientId, status: "qualified",
                score: score);
            await app.ExecuteAsync("""
                update app.lead set deal_amount = @amount, deal_currency = @currency, deal_entered_by = case when @amount::numeric is not null then 'webhook' end,
                    deal_at = case when @amount::numeric is not null then now() end
                where id = @id
                """, new { id, amount, currency });
        }
        await app.CreateLeadAsync(place.OrganizationId, status: "new", score: 5);
        var deleted = await app.CreateLeadAsync(place.OrganizationId, status: "new", score: 99);
        await app.ExecuteAsync("update app.lead set deleted_at = now() where id = @deleted", new { deleted });

        var rows = await app.QueryJsonAsync("""
            select status, leads, deal_amounts, average_score, campaign_id, agency_id, client_id
            from app.lead_pipeline where organization_id = @OrganizationId order by leads
            """, place);

        rows.AssertIncludes(new object[]
        {
            new { Status = "new", Leads = 1, DealAmounts = "{}", AverageScore = 5.00, CampaignId = (Guid?)null },
            new { Status = "qualified", Leads = 5, AverageScore = 30.20, CampaignId = campaign, place.AgencyId, place.ClientId },
        });
        System.Text.Json.JsonElement.Parse(rows[1].GetProperty("deal_amounts").GetString()!)
            .AssertIncludes("""{"EUR": 300.25, "USD": 50.00, "unknown": 7.00}""");
    }
}
