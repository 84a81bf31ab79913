-- The best campaigns of an agency (null = all that the session sees) by qualification_rate, response_rate or conversion_rate, at most 100,
-- for SQL users and reports. Only campaigns with at least 10 leads count. Equal rates are sorted by the number of leads, then by id.
create or replace function app.get_top_campaigns(agency uuid, most integer default 10, metric text default 'qualification_rate')
returns table (campaign_id uuid, name text, status text, leads bigint, rate numeric)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if metric is null or metric not in ('qualification_rate', 'response_rate', 'conversion_rate') then
        raise invalid_parameter_value using message = 'the metric must be qualification_rate, response_rate or conversion_rate';
    end if;
    return query
        select p.campaign_id, p.name, p.status, p.leads, m.rate
        from app.campaign_performance p
        cross join lateral (
            select case metric
                when 'qualification_rate' then p.qualification_rate
                when 'response_rate' then p.reply_rate
                else p.conversion_rate end as rate
        ) m
        where (agency is null or p.agency_id = agency) and p.leads >= 10 and m.rate is not null
        order by m.rate desc, p.leads desc, p.campaign_id
        limit least(most, 100);
end
$$;

revoke all on function app.get_top_campaigns(uuid, integer, text) from public;
grant execute on function app.get_top_campaigns(uuid, integer, text) to salesbrain_tenant, salesbrain_platform;
