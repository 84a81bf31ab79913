-- Both extensions are trusted: the owner of the database may create them. On Azure they must be listed in azure.extensions.
create extension if not exists pg_trgm;
create extension if not exists btree_gin;

-- Substrings of e-mail addresses, one organization's at a time. Written when a contact is, not when its events are.
create index contact_search_idx on app.contact using gin (organization_id, email_norm gin_trgm_ops);

-- Substrings of whatever else the log list shows of logs that had no effect. What came to something is found through its contact, its
-- campaign and its type, so that the many logs that are received and processed never touch this index.
create index webhook_log_search_idx on app.webhook_log using gin (
    organization_id,
    (coalesce(contact_email_norm, '') || e'\n' || coalesce(campaign_name, '') || e'\n' || event_type || e'\n' || coalesce(error_code, '') || e'\n' || coalesce(error_message, '')) gin_trgm_ops
) where status in ('ignored', 'failed', 'dead');
