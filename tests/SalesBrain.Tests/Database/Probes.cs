using SalesBrain.Core.Access;
using static SalesBrain.Tests.Database.Row;

namespace SalesBrain.Tests.Database;

/// <summary>
/// Somebody at the database. <see cref="Settings"/> are organization, user, role, agency and client of the session, null = none was ever
/// set. <see cref="Home"/> is the organization whose rows the access table gives them by <see cref="Role"/>; null = no rows of organization
/// A at all.
/// </summary>
internal sealed record Actor(string Name, string Login, IReadOnlyList<string>? Settings, char? Home, string? Role)
{
    public bool IsPlatform => Login == "salesbrain_platform";

    public bool HasNoOrganization => Settings is null or ["", ..];

    /// <summary>Whether the session names an agency or a client that its role has nothing to do with.</summary>
    public bool SaysTooMuch => Settings is [_, _, _, not "", not ""];

    public string RightsTo(Row row) =>
        IsPlatform ? row.Line.Rights["platform"] : Role is not null && row.Organization == Home ? row.Line.Rights[Role] : "-";

    public override string ToString() => Name;
}

/// <summary>
/// One statement that is tried and rolled back. Outcomes are the number of rows or the SQLSTATE: 42501 insufficient privilege (also: new
/// row violates row-level security), 23503 foreign key, 23505 unique, 23514 check.
/// </summary>
internal sealed record Probe(Actor Actor, Row Row, string Attempt, string Sql, params string[] Expected)
{
    public string Explain(string outcome) => $"{Actor}: {Attempt} {Row}: expected {string.Join(" or ", Expected)}, got {outcome}";
}

/// <summary>What is tried, with the outcome that the access table wants.</summary>
internal sealed class Probes(TwoOrganizations world)
{
    private const string Refused = "42501";
    private const string NoParent = "23503";
    private const string Taken = "23505";
    private const string LastOwner = "23514";

    // A row that the policies let through may still meet its twin, such as an organization's second tenant, or be the last owner of its
    // organization.
    private static readonly string[] LetThrough = ["1", Taken, LastOwner];

    private static readonly IReadOnlyList<string> OrganizationRoles = Roles.All.Where(role => !role.IsPlatform())
        .Select(role => role.Name()).ToList();

    /// <summary>Tables with rows that are what they are by their id, and what they would be under another.</summary>
    private static readonly Dictionary<string, string> WithAnotherId = new()
    {
        ["agency"] = "agency, other agency",
        ["contact"] = "contact, without a lead",
    };

    private readonly Guid _anotherId = Guid.CreateVersion7();
    private readonly Dictionary<Row, Row> _others = world.Rows.ToDictionary(row => row, world.Another);

    /// <summary>Has never set a context. Not in <see cref="Actors"/>: it needs a connection on which nobody else ever did.</summary>
    public Actor NoContext { get; } = new("nobody (no context)", "salesbrain_tenant", null, null, null);

    /// <summary>Owns the tables; what definer functions run as. Needs to see all rows in spite of forced row-level security.</summary>
    public Actor SchemaOwner { get; } = new("the schema's owner", "salesbrain_owner", null, null, null);

    /// <summary>Everybody else who signs in.</summary>
    public IEnumerable<Actor> Actors() =>
    [
        .. OrganizationRoles.Select(role => new Actor(role, "salesbrain_tenant", Settings('A', 'A', role), 'A', role)),
        new("salesbrain_platform", "salesbrain_platform", null, null, null),
        new("the other organization's admin", "salesbrain_tenant", Settings('B', 'B', "admin"), 'B', "admin"),
        new("nobody (empty context)", "salesbrain_tenant", ["", "", "", "", ""], null, null),
        // Sessions that say more than their role has, or that name one organization and somebody of the other.
        .. OrganizationRoles.Select(
            role => new Actor($"{role} with an agency and a client", "salesbrain_tenant", Everything('A', 'A', role), 'A', role)),
        .. OrganizationRoles.Select(
            role => new Actor($"{role} in the wrong organization", "salesbrain_tenant", Everything('B', 'A', role), null, null)),
    ];

    /// <summary>Everything that is tried on a table as an actor.</summary>
    public IEnumerable<Probe> For(Actor actor, string table)
    {
        var rows = world.Rows.Where(
            row => row.Table.Name == table && (row.Organization == 'A' || actor.Home is not null || actor.IsPlatform)).ToList();
        if (actor == SchemaOwner)
        {
            foreach (var row in rows)
            {
                yield return new(actor, row, "select", Select(row), "1");
            }
            yield break;
        }
        foreach (var row in rows)
        {
            var rights = actor.RightsTo(row);
            yield return new(actor, row, "select", Select(row),
                rights.Contains('s') ? "1" : WithoutRight(actor, row, "select"));
            if (IsInsertable(row))
            {
                yield return Insert(actor, row, rights);
            }
            var column = Updatable(actor, row.Table) ?? row.Table.Key[0];
            yield return new(actor, row, "update", $"update app.{row.Table} set {column} = {column} where {row.Where}",
                rights.Contains('u') ? "1" : WithoutRight(actor, row, "update"));
            // A row that others reference stays, but its policies let it go.
            yield return new(actor, row, "delete", $"delete from app.{row.Table} where {row.Where}",
                rights.Contains('d') ? ["1", NoParent] : [WithoutRight(actor, row, "delete")]);
            if (!MayUpdate(actor, row.Table))
            {
                continue;
            }
            if (row.Values.GetValueOrDefault("organization_id") is not null)
            {
                yield return MoveToOtherOrganization(actor, row, rights);
            }
            foreach (var probe in Moves(actor, row, rows))
            {
                yield return probe;
            }
        }
        foreach (var probe in (MayUpdate(actor, rows[0].Table) ? BlindUpdates(actor, rows) : []).Concat(References(actor, rows)))
        {
            yield return probe;
        }
    }

    private static string Select(Row row) => $"select from app.{row.Table} where {row.Where}";

    private static string WithoutRight(Actor actor, Row row, string privilege) => row.Table.Grants(actor.Login, privilege) ? "0" : Refused;

    /// <summary>
    /// Whether the login may update any column. Where it may not, every update is refused before a policy is asked: one for each row shows
    /// it.
    /// </summary>
    private static bool MayUpdate(Actor actor, TableCatalog.Table table) => table.Grants(actor.Login, "update");

    /// <summary>Whether a row can be born as one of its line: a contact gets its leads, and so its agency, later.</summary>
    private static bool IsInsertable(Row row) => row.Table.Name != "contact" || row.Line.Words.Contains("without a lead");

    /// <summary>A column to update without changing what the row is; null when the login may update none.</summary>
    private static string? Updatable(Actor actor, TableCatalog.Table table) =>
        table.Columns.FirstOrDefault(column => !table.Key.Contains(column.Name) && column.Name != "organization_id"
            && table.ForeignKeys.All(key => !key.Columns.Contains(column.Name))
            && column.Grants.Contains($"{actor.Login} update") && column.Grants.Contains($"{actor.Login} select"))?.Name;

    private Probe Insert(Actor actor, Row row, string rights) =>
        new(actor, row, "insert", _others[row].Insert, rights.Contains('i') ? LetThrough : [Refused]);

    /// <summary>The platform can move a row with nothing that ties it to its organization; the others cannot even that.</summary>
    private Probe MoveToOtherOrganization(Actor actor, Row row, string rights)
    {
        var other = world[row.Organization == 'A' ? 'B' : 'A', "organization"].Values["id"];
        return new(actor, row, "move to the other organization",
            $"update app.{row.Table} set organization_id = {Literal(other)} where {row.Where}",
            !rights.Contains('u') ? [WithoutRight(actor, row, "update")] : actor.IsPlatform ? [.. LetThrough, NoParent] : [Refused]);
    }

    /// <summary>Whoever may update two lines' rows may turn one into the other, and nobody else.</summary>
    private static IEnumerable<Probe> Moves(Actor actor, Row row, List<Row> rows)
    {
        if (actor.IsPlatform || actor.SaysTooMuch || (row.Organization != actor.Home && !actor.HasNoOrganization))
        {
            yield break;
        }
        var rights = actor.RightsTo(row);
        var others = rows.Where(other => other != row && other.Organization == row.Organization && other.DescribedColumns.Count > 0);
        // A row that the actor may not update is not found, whatever it would become.
        foreach (var other in rights.Contains('u') ? others : others.Take(1))
        {
            yield return new(actor, row, $"turn into {other.Line}", $"update app.{row.Table} set {other.Describe} where {row.Where}",
                !rights.Contains('u')
                    ? [WithoutRight(actor, row, "update")]
                    : actor.RightsTo(other).IndexOfAny(['u', 'h']) >= 0 ? LetThrough : [Refused]);
        }
    }

    /// <summary>Updates without a condition: they read nothing, so what may be read doesn't limit them.</summary>
    private IEnumerable<Probe> BlindUpdates(Actor actor, List<Row> rows)
    {
        var own = rows.Where(row => row.Organization == actor.Home || actor.HasNoOrganization).ToList();
        if (actor.IsPlatform || own.Count == 0)
        {
            yield break;
        }
        var updatable = own.Count(row => actor.RightsTo(row).Contains('u'));
        Probe All(Row row, string attempt, string assignments, bool mayBe) =>
            new(actor, row, attempt, $"update app.{row.Table} set {assignments}",
                updatable == 0 ? [WithoutRight(actor, row, "update")] : mayBe ? [$"{updatable}", Taken, NoParent, LastOwner] : [Refused]);
        foreach (var row in own.Where(row => row.DescribedColumns.Count > 0))
        {
            yield return All(row, "turn all rows into", row.Describe, actor.RightsTo(row).IndexOfAny(['u', 'h']) >= 0);
        }
        if (own[0].DescribedColumns.Count == 0 && Updatable(actor, own[0].Table) is { } column
            && own[0].Values.TryGetValue(column, out var value))
        {
            yield return All(own[0], "update all rows of", $"{column} = {Literal(value)}", mayBe: true);
        }
        if (WithAnotherId.TryGetValue(own[0].Table.Name, out var line))
        {
            yield return All(own[0], "give another id to all rows of", $"id = '{_anotherId}'",
                actor.RightsTo(world[own[0].Organization, line]).Contains('u'));
        }
        if (own[0].Table.Has("organization_id"))
        {
            yield return All(own[0], "move to the other organization all rows of",
                $"organization_id = {Literal(world[own[0].Organization == 'A' ? 'B' : 'A', "organization"].Values["id"])}", mayBe: false);
        }
    }

    /// <summary>Nobody can reference a row of the other organization, whatever they may do with their own.</summary>
    private IEnumerable<Probe> References(Actor actor, List<Row> rows)
    {
        var writable = rows.Where(
            row => actor.RightsTo(row).IndexOfAny(['i', 'u']) >= 0 && row.Values.GetValueOrDefault("organization_id") is not null).ToList();
        foreach (var key in rows[0].Table.ForeignKeys.Where(key => key.Parent != "organization"))
        {
            // A row that references something already, if any does: what a row may reference can depend on the rest of it.
            bool Refers(Row row) => key.Columns.All(column => row.Values.GetValueOrDefault(column) is not null);
            var row = writable.Find(row => Refers(row) || !rows.Exists(Refers));
            if (row is null)
            {
                continue;
            }
            var parent = world.Rows.First(candidate => candidate.Organization != row.Organization && candidate.Table.Name == key.Parent);
            var foreign = key.Columns.Zip(key.ParentColumns)
                .Where(pair => pair.First != "organization_id")
                .ToDictionary(pair => pair.First, pair => parent.Values[pair.Second]);
            string[] expected = actor.IsPlatform ? [NoParent] : [NoParent, Refused];
            if (actor.RightsTo(row).Contains('i'))
            {
                var fresh = _others[row];
                var crossing = fresh with
                {
                    Values = fresh.Values.Where(value => !foreign.ContainsKey(value.Key)).Concat(foreign).ToDictionary(),
                };
                // A key that is taken is noticed before a parent that is missing.
                string[] outcomes = crossing.Where == row.Where ? [.. expected, Taken] : expected;
                yield return new(actor, row, $"insert with {key.Name} across organizations", crossing.Insert, outcomes);
            }
            if (actor.RightsTo(row).Contains('u'))
            {
                yield return new(actor, row, $"update with {key.Name} across organizations",
                    $"update app.{row.Table} set {string.Join(", ", foreign.Select(value => $"{value.Key} = {Literal(value.Value)}"))} "
                    + $"where {row.Where}",
                    expected);
            }
        }
    }

    private string[] Settings(char organization, char person, string role) =>
        role.StartsWith("agency", StringComparison.Ordinal) ? [.. Everything(organization, person, role)[..4], ""]
        : role.StartsWith("client", StringComparison.Ordinal) ? [.. Everything(organization, person, role)[..3], "", Everything(organization, person, role)[4]]
        : [.. Everything(organization, person, role)[..3], "", ""];

    private string[] Everything(char organization, char person, string role) =>
    [
        world[organization, "organization"].Values["id"]!,
        world[person, "user, myself"].Values["id"]!,
        role,
        world[person, "agency, my agency"].Values["id"]!,
        world[person, "client, my client"].Values["id"]!,
    ];
}
