-- Reports add up the deals that are open, and those that were won in a period: an index for each has only these, with all columns that are read.
-- lead_deal_idx stays for the views that add up all deals of a campaign.
create index lead_open_deal_idx on app.lead (organization_id, campaign_id)
    include (deal_currency, deal_amount, source, assigned_to, agency_id, client_id)
    where deal_amount is not null and deleted_at is null and status not in ('converted', 'rejected');
create index lead_won_deal_idx on app.lead (organization_id, closed_at)
    include (campaign_id, deal_currency, deal_amount, source, assigned_to, agency_id, client_id)
    where deal_amount is not null and deleted_at is null and status = 'converted';
