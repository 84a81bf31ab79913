-- How far undoing a job is, and why it kept what it kept.

alter table app.import_job
    -- When the first batch was undone: the job does not run again. undone_at follows with the last one.
    add column undo_started_at timestamptz,
    add column undo_contacts bigint not null default 0,
    add column undo_kept bigint not null default 0,
    add constraint import_job_undo_status_check check (undo_started_at is null or status in ('completed', 'failed', 'cancelled'));

-- A row of which undoing keeps nothing is deleted.
alter table app.import_job_row
    add column is_undone boolean not null default false,
    -- Why undoing kept the contact, or its values. `kept` is the same for the lead.
    add column kept_contact text;

-- What undoing does to a row of a job: between the steps of app.undo_import_job. Codes are why something is kept; null: nothing is.
create type app.import_verdict as (
    lead_id uuid,
    contact_id uuid,
    takes_lead boolean,
    takes_contact boolean,
    -- The value that the lead gets back.
    source_data jsonb,
    -- The values that the contact gets back, by column.
    contact_values jsonb,
    -- Whether the lead was there before the job.
    is_existing_lead boolean,
    lead_code text,
    contact_code text
);
