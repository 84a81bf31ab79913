-- What storing one event takes at least: a receipt that makes a second delivery a duplicate, the log row, the exact bytes. One statement,
-- one round trip, one transaction. Both baselines run it prepared: pgbench, which puts expressions in place of key, id and contact, and bench/node.
with receipt as (
    insert into app.webhook_receipt (organization_id, key, log_id, log_created_at, expires_at)
    values (:organization::uuid, :key, :id::uuid, :received::timestamptz, :received::timestamptz + interval '35 days')
    on conflict (organization_id, key) do nothing
    returning organization_id, log_id, log_created_at
), logged as (
    insert into app.webhook_log (
        id, organization_id, endpoint_id, event_source, event_type, raw_event_type, campaign_external_id, campaign_name,
        contact_email, contact_email_norm, status, occurred_at, created_at, last_delivered_at)
    select log_id, organization_id, :endpoint::uuid, 'instantly', :type, :type, :campaign, :campaign_name,
        :contact, :contact, 'ignored', :occurred::timestamptz, log_created_at, log_created_at
    from receipt
), kept as (
    insert into app.webhook_payload (log_id, organization_id, created_at, content_type, headers, body)
    select log_id, organization_id, log_created_at, 'application/json', :headers::jsonb, :body
    from receipt
)
select log_id from receipt
