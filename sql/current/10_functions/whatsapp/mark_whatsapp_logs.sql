-- Marks the logs of events as processed, or as ignored with the reason, and notes which contact they concern: with it, the logs are
-- exported and erased.
create or replace function app.mark_whatsapp_logs(events app.whatsapp_event[], targets app.whatsapp_target[], applied_at timestamptz) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    update app.webhook_log w set
        status = case when e.ignored is null then 'processed' else 'ignored' end,
        retry_count = w.retry_count + (w.status = 'failed')::int,
        last_retry_at = case when w.status = 'failed' then applied_at else w.last_retry_at end,
        contact_id = coalesce(e.contact_id, w.contact_id),
        error_code = e.ignored,
        error_message = case e.ignored
            when 'whatsapp_message_unknown' then 'The status is about a message that was not sent with SalesBrain. It has no effect.'
            when 'whatsapp_conversation_unknown' then 'The person whose number changed has no open conversation. The new number is kept with their contact.' end,
        due_at = null,
        processed_at = case when e.ignored is null then applied_at end,
        processing_ms = case when e.ignored is null then greatest(0, round(extract(epoch from clock_timestamp() - transaction_timestamp()) * 1000)) end
    from unnest(events, targets) as e
    where w.organization_id = e.organization_id and w.created_at = e.log_created_at and w.id = e.log_id;
end
$$;

revoke all on function app.mark_whatsapp_logs(app.whatsapp_event[], app.whatsapp_target[], timestamptz) from public;
grant execute on function app.mark_whatsapp_logs(app.whatsapp_event[], app.whatsapp_target[], timestamptz) to salesbrain_platform;
