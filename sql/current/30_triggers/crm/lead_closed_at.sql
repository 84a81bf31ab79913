-- Keeps closed_at: set when a lead becomes converted or rejected, null again when it is worked on. The time of the change, unless the
-- statement sets another: events say when they happened.
create or replace function app.keep_lead_closed_at() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    new.closed_at := case when new.status in ('converted', 'rejected') then new.updated_at end;
    return new;
end
$$;

create or replace trigger keep_lead_closed_at_insert before insert on app.lead
    for each row when (new.status in ('converted', 'rejected') and new.closed_at is null) execute function app.keep_lead_closed_at();
create or replace trigger keep_lead_closed_at_update before update of status on app.lead
    for each row when (
        new.status <> old.status and new.closed_at is not distinct from old.closed_at
        and (old.closed_at is not null or new.status in ('converted', 'rejected')))
    execute function app.keep_lead_closed_at();
