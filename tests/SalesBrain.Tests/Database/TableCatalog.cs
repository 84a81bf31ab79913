using System.Text.Json;
using System.Text.RegularExpressions;

namespace SalesBrain.Tests.Database;

/// <summary>The tables of schema <c>app</c> as PostgreSQL's catalog describes them: enough to write valid rows into any of them.</summary>
internal sealed partial class TableCatalog
{
    private readonly Dictionary<string, Table> _tables;

    private TableCatalog(IEnumerable<Table> tables) => _tables = tables.ToDictionary(table => table.Name);

    public Table this[string name] => _tables[name];

    /// <summary>All tables but partitions, those that others reference first.</summary>
    public IReadOnlyList<Table> ParentsFirst()
    {
        var sorted = new List<Table>();
        void Add(Table table)
        {
            if (sorted.Contains(table))
            {
                return;
            }
            foreach (var parent in table.ForeignKeys.Select(key => key.Parent).Where(parent => parent != table.Name))
            {
                Add(_tables[parent]);
            }
            sorted.Add(table);
        }
        foreach (var table in _tables.Values)
        {
            Add(table);
        }
        return sorted;
    }

    public static async Task<TableCatalog> ReadAsync(ClonedDatabase database)
    {
        var json = await database.QueryAsync<string>("""
            select jsonb_build_object(
                'name', c.relname,
                'columns', (
                    select jsonb_agg(jsonb_build_object(
                        'name', a.attname,
                        'type', format_type(a.atttypid, a.atttypmod),
                        'required', a.attnotnull and not a.atthasdef and a.attidentity = '',
                        'check', (
                            select pg_get_constraintdef(k.oid) from pg_constraint k
                            where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
                            order by k.conname limit 1),
                        'grants', (
                            select coalesce(jsonb_agg(l.name || ' ' || p.name), '[]')
                            from (values ('salesbrain_tenant'), ('salesbrain_platform')) l (name)
                            cross join (values ('select'), ('insert'), ('update')) p (name)
                            where has_column_privilege(l.name, c.oid, a.attnum, p.name)))
                        order by a.attnum)
                    from pg_attribute a
                    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''),
                'key', (
                    select jsonb_agg(a.attname order by k.n)
                    from pg_constraint p
                    cross join unnest(p.conkey) with ordinality k (attnum, n)
                    join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
                    where p.conrelid = c.oid and p.contype = 'p'),
                'foreign_keys', (
                    select coalesce(jsonb_agg(jsonb_build_object(
                        'name', f.conname,
                        'parent', r.relname,
                        'columns', (
                            select jsonb_agg(a.attname order by k.n)
                            from unnest(f.conkey) with ordinality k (attnum, n)
                            join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.attnum),
                        'parent_columns', (
                            select jsonb_agg(a.attname order by k.n)
                            from unnest(f.confkey) with ordinality k (attnum, n)
                            join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.attnum)) order by f.conname), '[]')
                    from pg_constraint f
                    join pg_class r on r.oid = f.confrelid
                    where f.conrelid = c.oid and f.contype = 'f' and f.conparentid = 0),
                'deletable_by', (
                    select coalesce(jsonb_agg(l.name), '[]')
                    from (values ('salesbrain_tenant'), ('salesbrain_platform')) l (name)
                    where has_table_privilege(l.name, c.oid, 'delete')))::text
            from pg_class c
            where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            order by c.relname
            """);
        return new TableCatalog(json.Select(table => JsonSerializer.Deserialize<Table>(table, JsonOptions)!));
    }

    private static readonly JsonSerializerOptions JsonOptions = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    internal sealed record Table
    {
        public required string Name { get; init; }
        public required IReadOnlyList<Column> Columns { get; init; }

        /// <summary>Columns of the primary key.</summary>
        public required IReadOnlyList<string> Key { get; init; }
        public required IReadOnlyList<ForeignKey> ForeignKeys { get; init; }
        public required IReadOnlyList<string> DeletableBy { get; init; }

        public bool Has(string column) => Columns.Any(c => c.Name == column);

        /// <summary>Whether the login has the privilege on the table or at least on one column.</summary>
        public bool Grants(string login, string privilege) =>
            privilege == "delete" ? DeletableBy.Contains(login) : Columns.Any(column => column.Grants.Contains($"{login} {privilege}"));

        public override string ToString() => Name;
    }

    internal sealed partial record Column
    {
        public required string Name { get; init; }
        public required string Type { get; init; }

        /// <summary>Whether an insert has to give it.</summary>
        public required bool Required { get; init; }
        public string? Check { get; init; }

        /// <summary>Login and privilege, such as <c>salesbrain_tenant update</c>.</summary>
        public required IReadOnlyList<string> Grants { get; init; }

        /// <summary>The first value of a check that lists values.</summary>
        public string? FirstAllowed =>
            Check is not null && AllowedValue().Match(Check) is { Success: true } match ? match.Groups["value"].Value : null;

        [GeneratedRegex(@"= ANY \(\(?ARRAY\['(?<value>[^']*)'", RegexOptions.ExplicitCapture, 1000)]
        private static partial Regex AllowedValue();
    }

    internal sealed record ForeignKey
    {
        public required string Name { get; init; }
        public required string Parent { get; init; }
        public required IReadOnlyList<string> Columns { get; init; }
        public required IReadOnlyList<string> ParentColumns { get; init; }
    }
}
