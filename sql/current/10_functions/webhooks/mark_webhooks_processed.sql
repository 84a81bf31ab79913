-- Marks the logs of effects as processed, and notes which campaign and contact they concern.
create or replace function app.mark_webhooks_processed(effects app.webhook_effect[], targets app.webhook_target[], applied_at timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    update app.webhook_log w set
        status = 'processed',
        retry_count = w.retry_count + (w.status = 'failed')::int,
        last_retry_at = case when w.status = 'failed' then applied_at else w.last_retry_at end,
        campaign_id = e.campaign_id,
        contact_id = e.contact_id,
        error_code = null,
        error_message = null,
        due_at = null,
        processed_at = applied_at,
        processing_ms = greatest(0, round(extract(epoch from clock_timestamp() - transaction_timestamp()) * 1000))
    from unnest(effects, targets) as e
    where w.organization_id = e.organization_id and w.created_at = e.log_created_at and w.id = e.log_id;
end
$$;

revoke all on function app.mark_webhooks_processed(app.webhook_effect[], app.webhook_target[], timestamptz) from public;
grant execute on function app.mark_webhooks_processed(app.webhook_effect[], app.webhook_target[], timestamptz) to salesbrain_platform;
