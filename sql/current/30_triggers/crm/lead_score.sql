-- Keeps the score of a lead what app.lead_score returns, whichever statement changes what it is computed from. A statement that sets the
-- score itself is left alone: processing events does, because for thousands of leads a row trigger costs more than the rest of the update.
-- The recency decays without a change: the nightly timer corrects that.
create or replace function app.keep_lead_score() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    new.score := app.lead_score(
        new.status, new.qualification_score, new.priority, coalesce(new.last_activity_at, new.created_at), new.updated_at,
        (select o.lead_score_weights from app.organization o where o.id = new.organization_id));
    return new;
end
$$;

create or replace trigger keep_lead_score_insert before insert on app.lead
    for each row when (new.score = 0) execute function app.keep_lead_score();
create or replace trigger keep_lead_score_update before update of status, qualification_score, priority on app.lead
    for each row when (
        new.score = old.score
        and (old.status <> new.status or old.qualification_score is distinct from new.qualification_score or old.priority <> new.priority))
    execute function app.keep_lead_score();
