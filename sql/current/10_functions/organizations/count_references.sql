-- What keeps a row from being deleted: how many rows of each kind reference it, each counted to 10,001; kinds without any are left out.
-- What is only deleted softly is told apart. Row-level security may hide some of them from whoever deletes, so it is a definer function; it
-- looks into a tenant session's own organization only. Kinds come from the catalog: a new table that references the row is counted by being there.
create or replace function app.count_references(subject text, organization uuid, row_id uuid)
returns table (kind text, count bigint)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    child record;
begin
    if not (pg_has_role(session_user, 'salesbrain_platform', 'usage')
        or (pg_has_role(session_user, 'salesbrain_tenant', 'usage') and organization = app.current_org_id())) then
        return;
    end if;
    for child in
        select c.relname, string_agg(format('c.%I = p.%I', here.attname, there.attname), ' and ') as joined,
            case when l.has_deleted is null then 'true' else format('(c.deleted_at is not null) = %L', s.is_deleted) end as deleted, s.is_deleted
        from pg_constraint f
        join pg_class c on c.oid = f.conrelid
        cross join unnest(f.conkey, f.confkey) k (child, parent)
        join pg_attribute here on here.attrelid = f.conrelid and here.attnum = k.child
        join pg_attribute there on there.attrelid = f.confrelid and there.attnum = k.parent
        left join lateral (
            select true as has_deleted from pg_attribute d where d.attrelid = c.oid and d.attname = 'deleted_at' and not d.attisdropped) l on true
        cross join (values (false), (true)) s (is_deleted)
        where f.contype = 'f' and f.conparentid = 0 and f.confdeltype <> 'c' and f.confrelid = format('app.%I', subject)::regclass
            -- Written by the product about an organization, and taken along by app.delete_organization.
            and c.relname not in ('tenant', 'audit_log', 'organization_tally', 'webhook_log_tally', 'webhook_log_version', 'webhook_receipt')
            and (not s.is_deleted or l.has_deleted)
        group by f.oid, c.oid, c.relname, l.has_deleted, s.is_deleted
        order by c.relname, s.is_deleted
    loop
        return query execute format($sql$
            select %L, count(*)
            from (
                select from app.%I c
                join app.%I p on %s
                where p.id = $1 and p.%I = $2 and %s
                limit 10001
            ) counted
            having count(*) > 0
            $sql$,
            case when child.is_deleted then 'deleted ' else '' end || replace(child.relname, '_', ' '), child.relname, subject, child.joined,
            case subject when 'organization' then 'id' else 'organization_id' end, child.deleted) using row_id, organization;
    end loop;
end
$$;

revoke all on function app.count_references(text, uuid, uuid) from public;
grant execute on function app.count_references(text, uuid, uuid) to salesbrain_tenant, salesbrain_platform;
