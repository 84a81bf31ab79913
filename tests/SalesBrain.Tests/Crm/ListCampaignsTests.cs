using SalesBrain.Tests.App;
using SalesBrain.Tests.Organizations;

namespace SalesBrain.Tests.Crm;

public sealed class ListCampaignsTests(TestApp app)
{
    [Fact]
    public async Task Each_order_pages_through_all_campaigns()
    {
        var place = await CrmPlace.CreateAsync(app);
        var quiet = await CreateAsync("b quiet", "draft", leads: 0, contacted: 0, replied: 0);
        var small = await CreateAsync("Älpine", "archived", leads: 2, contacted: 2, replied: 2);
        var large = await CreateAsync("Zebra", "active", leads: 5, contacted: 4, replied: 1);
        using var client = app.As(await place.CreateUserAsync(app, "read_only"));

        Assert.Equal([large, small, quiet], await WalkAsync(""));
        Assert.Equal([quiet, small, large], await WalkAsync("&sort_by=created_at&sort_order=asc"));
        Assert.Equal([small, quiet, large], await WalkAsync("&sort_by=name"));
        Assert.Equal([quiet, large, small], await WalkAsync("&sort_by=status"));
        Assert.Equal([large, small, quiet], await WalkAsync("&sort_by=leads_count"));
        Assert.Equal([small, large, quiet], await WalkAsync("&sort_by=reply_rate"));
        Assert.Equal([large, small, quiet], await WalkAsync("&sort_by=reply_rate&sort_order=asc"));
        Assert.Equal([large, small], await WalkAsync("&status=active,archived"));
        Assert.Equal([small], await WalkAsync("&search=alPINE"));
        Assert.Equal([large], await WalkAsync("&search=ext-zebra"));
        var row = (await client.PageAsync($"{CrmWorld.Campaigns}?search=zebra")).GetProperty("data")[0];
        row.AssertIncludes(
            new
            {
                LeadsCount = 5,
                ContactedLeads = 4,
                RepliedLeads = 1,
                RepliedCount = 1,
                ContactRate = 0.8m,
                ReplyRate = 0.25m,
                ConversionRate = 0m,
            });

        Task<List<Guid>> WalkAsync(string query) => client.WalkAsync($"{CrmWorld.Campaigns}?page_size=1{query}");

        async Task<Guid> CreateAsync(string name, string status, int leads, int contacted, int replied)
        {
            var id = await app.CreateCampaignAsync(place.OrganizationId, name, externalId: $"ext-{name}");
            await app.ExecuteAsync("update app.campaign set status = @status where id = @id", new { status, id });
            for (var i = 0; i < leads; i++)
            {
                var lead = await app.CreateLeadAsync(place.OrganizationId, campaignId: id);
                await app.ExecuteAsync(
                    "update app.lead set sent_count = @sent, replied_count = @answers where id = @lead",
                    new { sent = i < contacted ? 1 : 0, answers = i < replied ? 1 : 0, lead });
            }
            return id;
        }
    }

    [Fact]
    public async Task Callers_see_those_of_their_organization_agency_or_client()
    {
        var (place, other) = (await CrmPlace.CreateAsync(app), await CrmPlace.CreateAsync(app));
        var (organizations, agencys, clients) = (
            await app.CreateCampaignAsync(place.OrganizationId),
            await app.CreateCampaignAsync(place.OrganizationId, agencyId: place.AgencyId),
            await app.CreateCampaignAsync(place.OrganizationId, agencyId: place.AgencyId, clientId: place.ClientId));
        var foreign = await app.CreateCampaignAsync(other.OrganizationId, agencyId: other.AgencyId, clientId: other.ClientId);

        Assert.Equal([clients, agencys, organizations], await IdsAsync("member", ""));
        Assert.Equal([clients, agencys], await IdsAsync("agency_staff", ""));
        Assert.Equal([clients], await IdsAsync("client_user", ""));
        Assert.Equal([clients], await IdsAsync("member", $"?client_id={place.ClientId}"));
        Assert.Equal([clients, agencys], await IdsAsync("member", $"?agency_id={place.AgencyId}"));
        Assert.Empty(await IdsAsync("member", $"?organization_id={other.OrganizationId}"));
        Assert.Equal([foreign], await IdsAsync("sb_operator", $"?organization_id={other.OrganizationId}"));
        Assert.Contains(foreign, await IdsAsync("sb_operator", "?page_size=200"));

        async Task<Guid[]> IdsAsync(string role, string query)
        {
            using var client = app.As(await place.CreateUserAsync(app, role));
            return (await client.PageAsync(CrmWorld.Campaigns + query)).Ids();
        }
    }
}
