using System.Globalization;
using SalesBrain.Core.Access;

namespace SalesBrain.Tests.Database;

/// <summary>
/// Two organizations that look alike, with one row per line of the <see cref="AccessTable"/> each. Rows are made from the catalog: a
/// new table needs words here only where its lines use new ones, and a value only where the catalog can't tell a valid one.
/// </summary>
internal sealed class TwoOrganizations
{
    private static readonly string Now = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>
    /// What the words of the access table put into a row: column, and the row of the same organization whose id goes there.
    /// </summary>
    private static readonly Dictionary<string, (string Column, string Table, string Words)[]> References = new()
    {
        ["no agency"] = [],
        ["my agency"] = [("agency_id", "agency", "my agency")],
        ["other agency"] = [("agency_id", "agency", "other agency")],
        ["my client"] = [("agency_id", "agency", "my agency"), ("client_id", "client", "my client")],
        ["other client"] = [("agency_id", "agency", "my agency"), ("client_id", "client", "other client")],
        ["foreign campaign"] = [("campaign_id", "campaign", "other agency")],
        ["to me"] = [("assigned_to", "user", "myself")],
        ["to another"] = [("assigned_to", "user", "member")],
        ["to nobody"] = [],
        ["by me"] = [("created_by", "user", "myself")],
        ["mine"] = [("user_id", "user", "myself"), ("actor_id", "user", "myself")],
        ["another's"] = [("user_id", "user", "member"), ("actor_id", "user", "member")],
        ["of the owner"] = [("user_id", "user", "owner")],
        ["of a member"] = [("user_id", "user", "member")],
        ["of agency_admin"] = [("user_id", "user", "agency_admin, my agency")],
        ["of agency_staff"] = [("user_id", "user", "agency_staff, my agency")],
        ["of other agency_staff"] = [("user_id", "user", "agency_staff, other agency")],
        ["of client_user"] = [("user_id", "user", "client_user, my client")],
        ["of other client_user"] = [("user_id", "user", "client_user, other client")],
    };

    /// <summary>Words that put a value into a row.</summary>
    private static readonly Dictionary<string, (string Column, string? Value)[]> Values = new()
    {
        ["myself"] = [("role", "member")],
        ["of no organization"] = [("organization_id", null)],
        ["lead deleted"] = [("deleted_at", Now)],
        ["without a lead"] = [],
        ["personal"] = [("audience", "person")],
        ["private"] = [("is_private", "true")],
        ["of a job"] = [("audience", "job")],
        ["of a conversation"] = [("audience", "conversation")],
        ["of a source"] = [("audience", "data_source")],
        ["for the whole organization"] = [("scope", "organization")],
        ["for nobody here"] = [("scope", "agency/00000000-0000-0000-0000-000000000000")],
    };

    /// <summary>Columns whose valid value the catalog doesn't show.</summary>
    private static readonly Dictionary<(string Table, string Column), string> Valid = new()
    {
        // Logs that wait need a due time.
        [("webhook_log", "status")] = "ignored",
        // Only a conversation that is closed may have a user or none.
        [("conversation", "status")] = "closed",
        [("conversation", "closed_at")] = Now,
        // A conversation is at most one user's at a time.
        [("conversation_assignment", "ended_at")] = Now,
        // Without a token.
        [("whatsapp_account", "status")] = "disconnected",
        // A contact has at most one primary owner.
        [("user_contact_assignment", "is_primary_owner")] = "false",
        // … and the shares in it are 100 % together.
        [("user_contact_assignment", "ownership_percentage")] = "0",
    };

    private readonly TableCatalog _catalog;
    private readonly Dictionary<(char Organization, string Line), Row> _rows = [];
    private int _number = 1000;

    public TwoOrganizations(TableCatalog catalog)
    {
        _catalog = catalog;
        foreach (var (organization, table) in from o in "AB" from t in catalog.ParentsFirst() select (o, t))
        {
            foreach (var line in AccessTable.Lines.Where(line => line.Table == table.Name))
            {
                if (organization == 'A' || BelongsToOne(table, line.Words))
                {
                    _rows.Add((organization, line.ToString()), Make(organization, line));
                }
            }
        }
    }

    /// <summary>Rows in an order in which they can be inserted.</summary>
    public IEnumerable<Row> Rows => _rows.Values;

    /// <summary>The row of a line, such as <c>user, myself</c>.</summary>
    public Row this[char organization, string line] => _rows[(organization, line)];

    /// <summary>Another row of the same line, which isn't in the database.</summary>
    public Row Another(Row row) => Make(row.Organization, row.Line);

    private static bool BelongsToOne(TableCatalog.Table table, string[] words) =>
        table.Name == "organization" || (table.Has("organization_id") && !words.Contains("of no organization"));

    private Row Make(char organization, AccessLine line)
    {
        var table = _catalog[line.Table];
        var number = ++_number;
        var values = new Dictionary<string, string?>();
        foreach (var word in line.Words)
        {
            Describe(word, table, organization, values);
        }
        if (table.Has("organization_id"))
        {
            values.TryAdd("organization_id", this[organization, "organization"].Values["id"]);
        }
        // Where words can't put an agency into the row itself, the rows it belongs to are of that agency.
        var related = table.Has("agency_id")
            ? []
            : table.ForeignKeys.Where(key => line.Words.Length > 0 && Find(organization, key.Parent, line.Words[0]) is not null);
        foreach (var key in table.ForeignKeys.Where(key => IsRequired(key, table)).Concat(related))
        {
            var parent = (line.Words.Length > 0 ? Find(organization, key.Parent, line.Words[0]) : null)
                ?? _rows.First(pair => pair.Key.Organization == organization && pair.Value.Line.Table == key.Parent).Value;
            foreach (var (column, parentColumn) in key.Columns.Zip(key.ParentColumns))
            {
                values.TryAdd(column, parent.Values[parentColumn]);
            }
        }
        foreach (var column in table.Columns.Where(column => column.Required || table.Key.Contains(column.Name) || Valid.ContainsKey((table.Name, column.Name))))
        {
            values.TryAdd(column.Name, Valid.GetValueOrDefault((table.Name, column.Name)) ?? ValueFor(column, number));
        }
        return new Row(organization, line, table, values, DescribedColumns(table, line));
    }

    private void Describe(string word, TableCatalog.Table table, char organization, Dictionary<string, string?> values)
    {
        if (References.TryGetValue(word, out var references))
        {
            // A client's user names the client alone, see RoleRules.
            foreach (var (column, parent, words) in references.Where(r => table.Has(r.Column) && (r.Column, word, table.Name) is not ("agency_id", "my client" or "other client", "user")))
            {
                values[column] = this[organization, $"{parent}, {words}"].Values["id"];
            }
        }
        else if (Values.TryGetValue(word, out var known))
        {
            foreach (var (column, value) in known.Where(v => table.Has(v.Column)))
            {
                values[column] = value;
            }
        }
        else if (table.Name == "user" && Roles.TryParse(word, out var role))
        {
            values["role"] = role.Name();
        }
        else
        {
            Assert.Fail($"{nameof(TwoOrganizations)} doesn't know what \"{word}\" means for {table}.");
        }
    }

    private static HashSet<string> DescribedColumns(TableCatalog.Table table, AccessLine line) =>
        AccessTable.Lines.Where(other => other.Table == line.Table).SelectMany(other => other.Words)
            .SelectMany(word => References.GetValueOrDefault(word, []).Select(r => r.Column)
                .Concat(Values.GetValueOrDefault(word, []).Select(v => v.Column))
                .Append(table.Name == "user" ? "role" : ""))
            .Where(table.Has)
            .ToHashSet();

    private Row? Find(char organization, string table, string words) => _rows.GetValueOrDefault((organization, $"{table}, {words}"));

    private static bool IsRequired(TableCatalog.ForeignKey key, TableCatalog.Table table) =>
        key.Columns.Any(name => table.Columns.Single(column => column.Name == name) is { Required: true, Name: not "organization_id" });

    private static string ValueFor(TableCatalog.Column column, int number) => column.Type switch
    {
        "text" => column.FirstAllowed ?? $"{column.Name}-{number}",
        "uuid" => Guid.CreateVersion7().ToString(),
        "timestamp with time zone" => Now,
        "smallint" or "integer" or "bigint" or "numeric" or "xid8" => number.ToString(CultureInfo.InvariantCulture),
        "bytea" => $@"\x{number:x8}",
        "jsonb" => "{}",
        "boolean" => "false",
        "date" => "2030-01-01",
        "inet" => "192.0.2.1",
        _ when column.Type.EndsWith("[]", StringComparison.Ordinal) => "{}",
        _ => throw new NotSupportedException(
            $"No value is known for a column of type {column.Type}; add one to {nameof(TwoOrganizations)}."),
    };
}

/// <summary>One row: where it belongs, its line of the access table, and its values, as text, null for NULL.</summary>
internal sealed record Row(
    char Organization, AccessLine Line, TableCatalog.Table Table, IReadOnlyDictionary<string, string?> Values, IReadOnlySet<string> DescribedColumns)
{
    public string Insert =>
        $"insert into app.{Table} ({string.Join(", ", Values.Keys)}) overriding system value "
        + $"values ({string.Join(", ", Values.Values.Select(Literal))})";

    public string Where => string.Join(" and ", Table.Key.Select(column => $"{column} = {Literal(Values[column])}"));

    /// <summary>The assignments that make a row be of this row's line, whatever it was.</summary>
    public string Describe =>
        string.Join(", ", DescribedColumns.Select(column => $"{column} = {Literal(Values.GetValueOrDefault(column))}"));

    public static string Literal(string? value) => value is null ? "null" : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    public override string ToString() => $"{Line} (organization {Organization})";
}
