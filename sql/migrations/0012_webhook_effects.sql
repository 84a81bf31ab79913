-- What one event does, as the application sends it to app.apply_webhook_events: the members of WebhookEffect in C#, a test compares them.
create type app.webhook_effect as (
    log_id uuid,
    log_created_at timestamptz,
    organization_id uuid,
    event_source text,
    event_type text,
    occurred_at timestamptz,
    -- Ids for rows that turn out to be missing.
    new_campaign_id uuid,
    new_contact_id uuid,
    new_lead_id uuid,
    activity_id uuid,
    campaign_external_id text,
    campaign_name text,
    email text,
    email_norm text,
    first_name text,
    last_name text,
    company text,
    title text,
    phone text,
    website text,
    linkedin_url text,
    city text,
    region text,
    country text,
    details jsonb,
    lead_status text,
    counter text,
    interest text,
    label text,
    suppression text,
    campaign_status text,
    notification_audience text,
    notification_title text,
    notification_body text
);

-- The rows that an effect applies to. It takes the place of app.webhook_event_resolution, which the functions of the version before this
-- one still use while this migration runs.
create type app.webhook_target as (
    campaign_id uuid,
    contact_id uuid,
    lead_id uuid,
    -- Whether the effect's activity was written now. An effect that is applied again counts nothing and notifies nobody.
    is_new boolean
);
