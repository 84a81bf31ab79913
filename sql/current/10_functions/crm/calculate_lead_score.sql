-- The score of a lead now, by the weights of its organization; null if the session cannot see a lead with the id. app.lead.score is what it
-- was when the lead last changed, or when the nightly timer last corrected it.
create or replace function app.calculate_lead_score(lead_id uuid) returns integer
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select app.lead_score(
            l.status, l.qualification_score, l.priority, coalesce(l.last_activity_at, l.created_at), now(), o.lead_score_weights)
        from app.lead l
        join app.organization o on o.id = l.organization_id
        where l.id = calculate_lead_score.lead_id);
end
$$;

revoke all on function app.calculate_lead_score(uuid) from public;
grant execute on function app.calculate_lead_score(uuid) to salesbrain_tenant, salesbrain_platform;
