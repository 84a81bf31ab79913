using Dapper;
using Npgsql;

namespace SalesBrain.Tests.Database;

/// <summary>What is in schema <c>app</c>, as texts that can be compared between databases. Partitions are left out.</summary>
internal static class SchemaText
{
    /// <summary>Policies, functions, triggers, views and privileges.</summary>
    public static Task<IEnumerable<string>> DefinitionsAsync(NpgsqlConnection connection) => connection.QueryAsync<string>("""
        select p::text from pg_policies p join pg_class c on c.relname = p.tablename
        where p.schemaname = 'app' and c.relnamespace = 'app'::regnamespace and not c.relispartition
        union all
        select pg_get_functiondef(p.oid) || coalesce(p.proacl::text, '') from pg_proc p where p.pronamespace = 'app'::regnamespace
        union all
        select pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
        where c.relnamespace = 'app'::regnamespace and not t.tgisinternal
        union all
        select c.relname || c.relrowsecurity || c.relforcerowsecurity || coalesce(c.relacl::text, '') || coalesce(pg_get_viewdef(v.oid), '')
        from pg_class c
        left join pg_class v on v.oid = c.oid and v.relkind = 'v'
        where c.relnamespace = 'app'::regnamespace and not c.relispartition
        order by 1
        """);

    /// <summary>Columns, constraints and indexes of the tables, and the types.</summary>
    public static Task<IEnumerable<string>> TablesAsync(NpgsqlConnection connection) => connection.QueryAsync<string>("""
        select concat_ws(' ', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
            a.attcollation::regcollation, pg_get_expr(d.adbin, d.adrelid))
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p', 'c') and not c.relispartition
        union all
        select concat_ws(' ', n.conrelid::regclass, n.conname, pg_get_constraintdef(n.oid))
        from pg_constraint n
        join pg_class c on c.oid = n.conrelid
        -- PostgreSQL 18 has one for each column that is not null.
        where n.connamespace = 'app'::regnamespace and not c.relispartition and n.contype <> 'n'
        union all
        select pg_get_indexdef(i.indexrelid)
        from pg_index i
        join pg_class c on c.oid = i.indrelid
        where c.relnamespace = 'app'::regnamespace and not c.relispartition
        order by 1
        """);
}
