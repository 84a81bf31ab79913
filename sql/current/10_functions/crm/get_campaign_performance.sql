-- The counters and rates of one campaign (view campaign_performance), for SQL users and reports; no row if the session does not see it.
create or replace function app.get_campaign_performance(campaign uuid)
returns table (
    campaign_id uuid, name text, status text, leads bigint, contacted bigint, opened bigint, clicked bigint, replied bigint, bounced bigint,
    unsubscribed bigint, interested bigint, contacted_leads bigint, opened_leads bigint, clicked_leads bigint, replied_leads bigint,
    bounced_leads bigint, unsubscribed_leads bigint, interested_leads bigint, qualified_leads bigint, converted_leads bigint,
    contact_rate numeric, open_rate numeric, reply_rate numeric, interest_rate numeric, qualification_rate numeric, conversion_rate numeric)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
        select p.campaign_id, p.name, p.status, p.leads, p.contacted, p.opened, p.clicked, p.replied, p.bounced, p.unsubscribed,
            p.interested, p.contacted_leads, p.opened_leads, p.clicked_leads, p.replied_leads, p.bounced_leads, p.unsubscribed_leads,
            p.interested_leads, p.qualified_leads, p.converted_leads, p.contact_rate, p.open_rate, p.reply_rate, p.interest_rate,
            p.qualification_rate, p.conversion_rate
        from app.campaign_performance p
        where p.campaign_id = campaign;
end
$$;

revoke all on function app.get_campaign_performance(uuid) from public;
grant execute on function app.get_campaign_performance(uuid) to salesbrain_tenant, salesbrain_platform;
