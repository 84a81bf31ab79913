using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>The campaign, agency and client of a lead. A lead belongs to the agency and client of its campaign, or of its client.</summary>
internal static class LeadPlacement
{
    private const string NoCampaign = "must be the id of an existing campaign";
    private const string NoClient = "must be the id of an existing client";
    private const string OtherClient = "must be the campaign's client, or a client of its agency if the campaign has none";

    /// <summary>
    /// The lead where the input places it. <paramref name="place"/> has the campaign and client that it is to have, as far as they were
    /// found. What is wrong goes to <paramref name="errors"/>.
    /// </summary>
    internal static LeadRow Apply(LeadFields input, LeadRow lead, LeadPlace place, InputErrors errors)
    {
        if (!input.CampaignId.IsSet && !input.ClientId.IsSet)
        {
            return lead;
        }
        var (campaignId, clientId) = (input.CampaignId.Or(lead.CampaignId), input.ClientId.Value);
        var (campaign, client) = (Within(place.Campaign, lead), clientId is null ? null : Within(place.Client, lead));
        if (campaignId is not null && campaign is null)
        {
            errors.Add("campaign_id", NoCampaign);
        }
        if (clientId is not null && client is null)
        {
            errors.Add("client_id", NoClient);
        }
        if (errors.Any)
        {
            return lead;
        }
        if (client is not null)
        {
            if (campaign is not null && (!IsOneOf(campaign.ClientId, client.Id) || !IsOneOf(campaign.AgencyId, client.AgencyId!.Value)))
            {
                errors.Add("client_id", OtherClient);
            }
            return lead with { CampaignId = campaignId, AgencyId = client.AgencyId, ClientId = client.Id };
        }
        if (campaign is not null && input.CampaignId.IsSet)
        {
            return lead with { CampaignId = campaignId, AgencyId = campaign.AgencyId, ClientId = campaign.ClientId };
        }
        // The client is cleared, or the campaign and not the client: the agency stays.
        if (campaign?.ClientId is not null)
        {
            errors.Add("client_id", OtherClient);
        }
        return lead with { CampaignId = campaignId, ClientId = input.ClientId.IsSet ? null : lead.ClientId };
    }

    private static PlacedRow? Within(PlacedRow? row, LeadRow lead) => row?.OrganizationId == lead.OrganizationId ? row : null;

    private static bool IsOneOf(Guid? own, Guid other) => own is null || own == other;
}
