-- The keys of an organization's ignored, failed and dead webhook logs (null = of every organization's) whose e-mail address, campaign
-- name, event type or error is like a pattern, in no order.
-- A definer function because LIKE is not leakproof: under row-level security it never uses an index.
create or replace function app.search_webhook_logs_without_effect(organization uuid, pattern text, most integer)
returns table (organization_id uuid, created_at timestamptz, id uuid)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if app.may_search(organization) then
        -- The expression is webhook_log_search_text_idx's. Planned for each pattern: a rare one and a common one want different plans.
        return query execute $sql$
            select l.organization_id, l.created_at, l.id
            from app.webhook_log l
            where ($1 is null or l.organization_id = $1) and l.status in ('ignored', 'failed', 'dead')
                and app.search_text(coalesce(l.contact_email_norm, '') || e'\n' || coalesce(l.campaign_name, '') || e'\n' || l.event_type
                    || e'\n' || coalesce(l.error_code, '') || e'\n' || coalesce(l.error_message, '')) like app.search_text($2)
            limit $3
            $sql$ using organization, pattern, most;
    end if;
end
$$;

revoke all on function app.search_webhook_logs_without_effect(uuid, text, integer) from public;
grant execute on function app.search_webhook_logs_without_effect(uuid, text, integer) to salesbrain_tenant, salesbrain_platform;
