-- The user who would get the next contact of the last rule, the catch-all, in an organization. Null if no user can take one, and for a
-- session that does not see all of the organization.
create or replace function app.get_next_user_round_robin(organization_id uuid) returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    organization constant uuid := organization_id;
    rule uuid;
begin
    if app.user_role() is not null and not app.reads_organization() then
        return null;
    end if;
    select r.id into rule from app.assignment_rule r where r.organization_id = organization order by r.position desc limit 1;
    return (
        select c.user_id
        from app.assignment_candidates(organization, rule, now()) c
        where c.obstacle is null
        order by c.start_level + c.taken / c.weight::double precision, c.weight desc, c.position, c.user_id
        limit 1);
end
$$;
