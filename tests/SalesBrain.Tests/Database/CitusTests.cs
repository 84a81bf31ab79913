using System.Text.RegularExpressions;

namespace SalesBrain.Tests.Database;

/// <summary>
/// The statements of the operations document that distribute the schema with Citus cover every table, and after them every key fits the
/// rules of Citus. A new table, key or policy is covered by being there.
/// </summary>
public sealed partial class CitusTests(DistributedDatabase database) : IClassFixture<DistributedDatabase>
{
    [Fact]
    public Task Every_table_is_distributed_or_named_as_reference_or_local_table() => database.AssertNoneAsync("""
        select c.relname
        from pg_class c
        where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            and not exists (select from citus_table t where t.name = c.oid)
        """);

    [Fact]
    public Task Distribution_column_is_the_organization_and_never_null() => database.AssertNoneAsync("""
        select t.name::text
        from citus_table t
        where t.kind = 'distributed' and not exists (
            select from pg_attribute a
            where a.attrelid = t.name and a.attname = t.distribution_column
                and a.attname = 'organization_id' and a.atttypid = 'uuid'::regtype and a.attnotnull)
        """);

    [Fact]
    public async Task Distributed_tables_are_colocated()
    {
        var group = await database.QueryAsync<string>("""
            select distinct coalesce(t.colocated_with, t.name)::text from citus_table t where t.kind = 'distributed'
            """);

        Assert.Single(group);
    }

    /// <summary>The coordinator does not scale, so a table whose rows all have an organization is not a local one.</summary>
    [Fact]
    public async Task Tables_that_stay_on_the_coordinator_are_those_with_rows_of_no_organization() => Assert.Equal(
        await database.QueryAsync<string>("select t.name::text from citus_table t where t.kind = 'local' order by t.name::text"),
        await database.QueryAsync<string>("""
            select c.oid::regclass::text
            from pg_class c
            left join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id'
            where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and (a.attnotnull is not true
                    -- It references a local table.
                    or c.relname = 'genesys_user_session')
                -- Copied to every node, because rows of distributed tables reference them.
                and c.relname not in ('organization', 'user')
            order by c.oid::regclass::text
            """));

    [Fact]
    public Task Unique_keys_of_distributed_tables_contain_the_organization() => database.AssertNoneAsync("""
        select i.indexrelid::regclass::text
        from citus_table t
        join pg_index i on i.indrelid = t.name and (i.indisunique or i.indisexclusion)
        where t.kind = 'distributed' and not exists (
            select from pg_attribute a
            where a.attrelid = t.name and a.attname = t.distribution_column
                and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1]))
        """);

    /// <summary>Without one, Citus cannot move the table's rows to another node while they are written.</summary>
    [Fact]
    public Task Distributed_tables_have_an_identity_for_replication() => database.AssertNoneAsync("""
        select t.name::text
        from citus_table t
        join pg_class c on c.oid = t.name
        where t.kind = 'distributed' and not exists (
            select from pg_index i
            where i.indrelid = t.name and (i.indisprimary and c.relreplident = 'd' or i.indisreplident and c.relreplident = 'i'))
        """);

    [Fact]
    public Task Foreign_keys_lead_only_where_Citus_can_check_them() => database.AssertNoneAsync("""
        select f.conname || ': ' || child.kind || ' to ' || parent.kind
        from pg_constraint f
        join citus_table child on child.name = f.conrelid
        join citus_table parent on parent.name = f.confrelid
        where f.contype = 'f' and not case
            when child.kind = 'distributed' and parent.kind = 'distributed' then exists (
                select from unnest(f.conkey, f.confkey) k (child, parent)
                join pg_attribute c on c.attrelid = f.conrelid and c.attnum = k.child
                join pg_attribute p on p.attrelid = f.confrelid and p.attnum = k.parent
                where c.attname = child.distribution_column and p.attname = parent.distribution_column)
            when child.kind = 'distributed' then parent.kind = 'reference'
            -- From a reference to a local table, actions would change copies on other nodes.
            when child.kind = 'reference' and parent.kind = 'local' then f.confdeltype in ('a', 'r') and f.confupdtype in ('a', 'r')
            else parent.kind <> 'distributed'
        end
        """);

    [Fact]
    public Task Foreign_keys_of_distributed_tables_have_no_action_that_changes_the_organization() => database.AssertNoneAsync("""
        select f.conname
        from pg_constraint f
        join citus_table t on t.name = f.conrelid and t.kind = 'distributed'
        join pg_attribute a on a.attrelid = t.name and a.attname = t.distribution_column
        where f.contype = 'f' and a.attnum = any (f.conkey)
            -- Set null or default, even of other columns only, and any action on update.
            and (f.confdeltype in ('n', 'd') or f.confupdtype in ('n', 'd', 'c'))
        """);

    [Fact]
    public Task Referenced_tables_are_distributed_before_the_tables_that_reference_them() => database.AssertNoneAsync("""
        select f.conname
        from pg_constraint f
        join citus_table child on child.name = f.conrelid
        join citus_table parent on parent.name = f.confrelid
        where f.contype = 'f' and parent.position > child.position
        """);

    [Fact]
    public async Task Policies_without_a_subquery_or_listed_in_the_document()
    {
        const string Header = "\n| table | policy |\n";
        var listed = PolicyRow().Matches(database.Section[(database.Section.IndexOf(Header, StringComparison.Ordinal) + Header.Length)..])
            .Select(row => $"{row.Groups["table"].Value}.{row.Groups["policy"].Value}")
            .Order(StringComparer.Ordinal);

        var found = await database.QueryAsync<string>("""
            select c.relname || '.' || p.polname
            from pg_policy p
            join pg_class c on c.oid = p.polrelid
            where c.relnamespace = 'app'::regnamespace
                -- The parser's own name of a subquery, also of one that is not written as "select".
                and (p.polqual::text like '%{SUBLINK %' or p.polwithcheck::text like '%{SUBLINK %')
            """);

        Assert.Equal(listed, found.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| (?<table>[a-z_]+) \| (?<policy>[a-z_]+) \|$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PolicyRow();
}
