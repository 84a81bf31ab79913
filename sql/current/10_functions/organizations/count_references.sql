-- Counts the rows that reference a row and prevent its deletion, by kind, each up to 10,001. Kinds without rows are omitted. Soft-deleted
-- rows are counted separately. A definer function, because row-level security can hide some rows from the caller. In a tenant session it
-- reads only the session's own organization. The kinds come from the catalog, so that new referencing tables are counted automatically.
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
            -- Data about an organization that app.delete_organization deletes with it.
            and c.relname not in (
                'tenant', 'audit_log', 'organization_tally', 'webhook_log_tally', 'webhook_log_version', 'webhook_receipt',
                'webhook_delivery', 'webhook_rejection_count', 'erased_contact')
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
