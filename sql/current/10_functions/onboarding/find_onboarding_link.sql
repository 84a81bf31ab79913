-- Finds the link of a token for a visitor, before the organization is known. No row: the link does not exist or its organization is
-- suspended, and the guess is counted for the address. A row with only retry_after_seconds: the address has guessed `most` times within the
-- period that started with its first guess, and nothing is looked up for it until the period ends.
create or replace function app.find_onboarding_link(token_hash bytea, address inet, moment timestamptz, most integer, period interval)
returns table (
    retry_after_seconds integer, id uuid, organization_id uuid, organization_name text, template_name text, welcome_message text,
    status text, current_step integer, total_steps integer, progress_percentage integer)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- A client with one IPv6 address usually has its whole /64. Unknown addresses share one count.
    guesser constant inet := coalesce(network(set_masklen(address, case family(address) when 4 then 32 else 64 end))::inet, '0.0.0.0');
    counted integer;
    blocked_until timestamptz;
begin
    select g.ends_at into blocked_until from app.onboarding_guess g where g.address = guesser and g.ends_at > moment and g.guesses >= most;
    if not found then
        return query
            select null::integer, l.id, l.organization_id, o.name, l.template_name, l.welcome_message,
                app.onboarding_link_status(l.status, l.expires_at, moment), l.current_step, l.total_steps, l.progress_percentage
            from app.onboarding_link l
            join app.organization o on o.id = l.organization_id and o.status = 'active'
            where l.token_hash = find_onboarding_link.token_hash;
        if found then
            return;
        end if;
        insert into app.onboarding_guess as g (address, guesses, ends_at)
        values (guesser, 1, moment + period)
        on conflict on constraint onboarding_guess_pkey do update set
            guesses = case when g.ends_at > moment then g.guesses + 1 else 1 end,
            ends_at = case when g.ends_at > moment then g.ends_at else excluded.ends_at end
        returning g.guesses, g.ends_at into counted, blocked_until;
        -- Of many concurrent guesses, those beyond the limit are detected only here.
        if counted <= most then
            return;
        end if;
    end if;
    retry_after_seconds := greatest(1, ceil(extract(epoch from blocked_until - moment)));
    return next;
end
$$;

revoke all on function app.find_onboarding_link(bytea, inet, timestamptz, integer, interval) from public;
grant execute on function app.find_onboarding_link(bytea, inet, timestamptz, integer, interval) to salesbrain_platform;
