-- Records an access to the link of a token (given as its SHA-256), counts a click unless it is a prefetch, and returns whether there is an
-- active link. Only the newest 100 accesses of a link are kept, so that one link cannot fill the table.
create or replace function app.note_onboarding_link_access(
    token_hash bytea, ip inet, user_agent text, kind text default 'open', moment timestamptz default now())
returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    link record;
begin
    -- Lock the link's row first, even if it does not change, so that accesses of one link prune one after the other.
    select l.id, l.organization_id into link
    from app.onboarding_link l
    where l.token_hash = note_onboarding_link_access.token_hash and l.status = 'active' and l.expires_at > moment
    for no key update;
    if not found then
        return false;
    end if;
    if kind = 'open' then
        update app.onboarding_link l set
            clicks_count = l.clicks_count + 1,
            first_accessed_at = least(l.first_accessed_at, moment),
            last_accessed_at = greatest(l.last_accessed_at, moment)
        where l.organization_id = link.organization_id and l.id = link.id;
    end if;
    insert into app.onboarding_link_access (organization_id, link_id, ip, user_agent, kind, at)
    values (link.organization_id, link.id, ip, left(user_agent, 500), kind, moment);
    delete from app.onboarding_link_access a
    where a.organization_id = link.organization_id and a.id in (
        select old.id from app.onboarding_link_access old
        where old.organization_id = link.organization_id and old.link_id = link.id
        order by old.at desc, old.id desc
        offset 100);
    return true;
end
$$;

revoke all on function app.note_onboarding_link_access(bytea, inet, text, text, timestamptz) from public;
grant execute on function app.note_onboarding_link_access(bytea, inet, text, text, timestamptz) to salesbrain_platform;
