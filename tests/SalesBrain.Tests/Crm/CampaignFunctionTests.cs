using Npgsql;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Organizations;

namespace SalesBrain.Tests.Crm;

/// <summary>The database functions about campaigns, for SQL users and reports, as the tenant login runs them.</summary>
public sealed class CampaignFunctionTests(TestApp app)
{
    [Fact]
    public async Task Performance_equals_the_campaigns_counters()
    {
        var place = await CrmPlace.CreateAsync(app);
        var campaign = await CampaignAsync(place, leads: 8, replied: 2, qualified: 3, converted: 1);

        var row = await RowAsync(place, "owner", "select * from app.get_campaign_performance(@id)", campaign);

        row.AssertIncludes(
            new
            {
                CampaignId = campaign,
                Leads = 8,
                ContactedLeads = 8,
                RepliedLeads = 2,
                QualifiedLeads = 3,
                ConvertedLeads = 1,
                ReplyRate = 0.25m,
                QualificationRate = 0.375m,
                OpenRate = 0m,
            });
    }

    [Fact]
    public async Task Agency_overview_adds_up_its_campaigns()
    {
        var place = await CrmPlace.CreateAsync(app);
        await CampaignAsync(place, leads: 4, replied: 1, qualified: 1, converted: 0);
        await CampaignAsync(place, leads: 6, replied: 4, qualified: 0, converted: 2);

        var row = await RowAsync(place, "agency_admin", "select * from app.get_agency_overview(@id)", place.AgencyId);

        row.AssertIncludes(
            new
            {
                place.AgencyId,
                Clients = 2,
                Campaigns = 2,
                ActiveCampaigns = 2,
                Leads = 10,
                RepliedLeads = 5,
                ReplyRate = 0.5m,
                QualificationRate = 0.1m,
                ConversionRate = 0.2m,
            });
    }

    [Fact]
    public async Task Top_campaigns_need_ten_leads_and_ties_go_by_volume_then_id()
    {
        var place = await CrmPlace.CreateAsync(app);
        var tie = await CampaignAsync(place, leads: 10, replied: 5, qualified: 1, converted: 0);
        var larger = await CampaignAsync(place, leads: 12, replied: 6, qualified: 0, converted: 6);
        var sameAsTie = await CampaignAsync(place, leads: 10, replied: 5, qualified: 2, converted: 0);
        await CampaignAsync(place, leads: 9, replied: 9, qualified: 9, converted: 0);

        Assert.Equal([larger, .. new[] { tie, sameAsTie }.Order()], await TopAsync("response_rate"));
        Assert.Equal([sameAsTie, tie, larger], await TopAsync("qualification_rate"));
        Assert.Equal(larger, (await TopAsync("conversion_rate"))[0]);
        Assert.Equal([larger], await TopAsync("response_rate", 1));
        await Assert.ThrowsAsync<PostgresException>(() => TopAsync("open_rate"));

        async Task<List<Guid>> TopAsync(string metric, int most = 10) =>
            await app.QueryAsAsync<Guid>(await place.CreateUserAsync(app, "agency_staff"),
                "select campaign_id from app.get_top_campaigns(@agency, @most, @metric)", new { agency = place.AgencyId, most, metric });
    }

    [Fact]
    public async Task Others_see_nothing()
    {
        var (place, other) = (await CrmPlace.CreateAsync(app), await CrmPlace.CreateAsync(app));
        var campaign = await CampaignAsync(place, leads: 10, replied: 5, qualified: 1, converted: 0);

        foreach (var user in new[] { await other.CreateUserAsync(app, "owner"), await other.CreateUserAsync(app, "client_user") })
        {
            Assert.Empty(
                await app.QueryAsAsync<Guid>(user, "select campaign_id from app.get_campaign_performance(@campaign)", new { campaign }));
            Assert.Empty(
                await app.QueryAsAsync<Guid>(user, "select agency_id from app.get_agency_overview(@AgencyId)", new { place.AgencyId }));
            Assert.Empty(
                await app.QueryAsAsync<Guid>(user, "select campaign_id from app.get_top_campaigns(@AgencyId)", new { place.AgencyId }));
            Assert.Empty(await app.QueryAsAsync<Guid>(user, "select campaign_id from app.get_top_campaigns(null)", new { }));
            Assert.Empty(await app.QueryAsAsync<Guid>(
                user, "select campaign_id from app.campaign_performance where campaign_id = @campaign", new { campaign }));
        }
    }

    private async Task<System.Text.Json.JsonElement> RowAsync(CrmPlace place, string role, string sql, Guid id)
    {
        var rows = await app.QueryAsAsync<string>(
            await place.CreateUserAsync(app, role), $"select to_jsonb(r)::text from ({sql}) r", new { id });
        return System.Text.Json.JsonElement.Parse(Assert.Single(rows));
    }

    /// <summary>A campaign whose first leads replied and have the statuses.</summary>
    private async Task<Guid> CampaignAsync(CrmPlace place, int leads, int replied, int qualified, int converted)
    {
        var id = await app.CreateCampaignAsync(place.OrganizationId, agencyId: place.AgencyId, clientId: place.ClientId);
        for (var i = 0; i < leads; i++)
        {
            var status = i < qualified ? "qualified" : i < qualified + converted ? "converted" : "contacted";
            var lead = await app.CreateLeadAsync(
                place.OrganizationId, campaignId: id, agencyId: place.AgencyId, clientId: place.ClientId, status: status);
            await app.ExecuteAsync(
                "update app.lead set sent_count = 2, replied_count = @answers where id = @lead",
                new { answers = i < replied ? 1 : 0, lead });
        }
        return id;
    }
}
