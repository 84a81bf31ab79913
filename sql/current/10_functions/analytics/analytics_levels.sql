-- The scopes whose daily rows (app.analytics_day) a lead counts in: its organization, agency, client and campaign.
create or replace function app.analytics_levels(organization uuid, agency uuid, client uuid, campaign uuid)
returns table (level text, scope_id uuid, agency_id uuid, client_id uuid)
language sql immutable parallel safe
as $$
    select v.level, v.scope_id, v.agency_id, v.client_id
    from (values
        ('organization', organization, '00000000-0000-0000-0000-000000000000'::uuid, '00000000-0000-0000-0000-000000000000'::uuid),
        ('agency', nullif(agency, '00000000-0000-0000-0000-000000000000'), agency, '00000000-0000-0000-0000-000000000000'),
        ('client', nullif(client, '00000000-0000-0000-0000-000000000000'), agency, client),
        ('campaign', campaign, agency, client)) as v (level, scope_id, agency_id, client_id)
    where v.scope_id is not null
$$;
