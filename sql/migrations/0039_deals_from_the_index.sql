-- Reports add up the deals of an organization: with these columns they are read from the index alone.
drop index app.lead_deal_idx;
create index lead_deal_idx on app.lead (organization_id, campaign_id)
    include (status, closed_at, deal_currency, deal_amount, source, assigned_to, agency_id, client_id)
    where deal_amount is not null and deleted_at is null;
