-- What one lead contributes to app.analytics_group: a row for each field, and another for each if the lead has an open deal. Nothing if the
-- status is null.
create or replace function app.analytics_lead_groups(
    status text, priority text, interest text, source text, practice_area text, assigned_to uuid, campaign_id uuid, score integer,
    qualification_score integer, deal_amount numeric, deal_currency text)
returns table (field text, key text, currency text, leads bigint, scores bigint, amount numeric)
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select f.field, coalesce(f.key, ''), '', 1::bigint, score::bigint, 0::numeric
    from (values
        ('status', status), ('priority', priority), ('interest', interest), ('source', source), ('practice_area', practice_area),
        ('assignee', assigned_to::text), ('campaign', campaign_id::text), ('score_band', (least(score / 10, 9) * 10)::text),
        ('qualification', qualification_score::text)) as f (field, key)
    where status is not null
    union all
    select f.field, coalesce(f.key, ''), coalesce(deal_currency, 'unknown'), 1::bigint, 0::bigint, deal_amount
    from (values
        ('total', null), ('status', status), ('priority', priority), ('interest', interest), ('source', source),
        ('practice_area', practice_area), ('assignee', assigned_to::text), ('campaign', campaign_id::text),
        ('score_band', (least(score / 10, 9) * 10)::text)) as f (field, key)
    where deal_amount is not null and status not in ('converted', 'rejected')
$$;

revoke all on function app.analytics_lead_groups(text, text, text, text, text, uuid, uuid, integer, integer, numeric, text) from public;
grant execute on function app.analytics_lead_groups(text, text, text, text, text, uuid, uuid, integer, integer, numeric, text)
    to salesbrain_tenant, salesbrain_platform;
