namespace SalesBrain.Tests.Database;

/// <summary>A restored database is the database that was dumped.</summary>
[Collection(RestoredDatabase.Collection)]
public sealed class RestoreTests(RestoredDatabase restored, ClonedDatabase original) : IClassFixture<ClonedDatabase>
{
    [Fact]
    public async Task Every_row_is_back()
    {
        Assert.All(
            restored.RowsBefore.Where(table => restored.Catalog.ParentsFirst().Any(known => table.Key == $"app.{known.Name}")),
            table => Assert.True(table.Value > 0, table.Key));
        Assert.Equal(
            restored.RowsBefore.OrderBy(table => table.Key, StringComparer.Ordinal),
            (await restored.CountRowsAsync()).OrderBy(table => table.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Schema_and_privileges_are_back_and_there_is_nothing_to_migrate()
    {
        Assert.Empty(restored.Applied);
        await using var expected = await original.Owner.OpenConnectionAsync();
        await using var actual = await restored.Owner.OpenConnectionAsync();
        Assert.Equal(await SchemaText.TablesAsync(expected), await SchemaText.TablesAsync(actual));
        Assert.Equal(Plain(await SchemaText.DefinitionsAsync(expected)), Plain(await SchemaText.DefinitionsAsync(actual)));
    }

    /// <summary>Without parentheses: PostgreSQL writes "a or (b or c)" as it was created, and reads it back as "a or b or c".</summary>
    private static IEnumerable<string> Plain(IEnumerable<string> texts) =>
        texts.Select(text => text.Replace("(", "", StringComparison.Ordinal).Replace(")", "", StringComparison.Ordinal));
}

[Collection(RestoredDatabase.Collection)]
public sealed class RestoredCatalogTests(RestoredDatabase database) : CatalogTests(database);

[Collection(RestoredDatabase.Collection)]
public sealed class RestoredCatalogAccessTests(RestoredDatabase database) : CatalogAccessTests(database);

/// <summary>
/// The isolation tests themselves run on the database that is dumped, and the restored one has the same policies word for word
/// (<see cref="RestoreTests"/>). So each role, the platform and strangers try each kind of statement on each row, and not every variation.
/// </summary>
[Collection(RestoredDatabase.Collection)]
public sealed class RestoredIsolationTests(RestoredDatabase database)
{
    private static readonly string[] Statements = ["select", "insert", "update", "delete"];

    [Fact]
    public async Task Rows_are_accessible_only_to_permitted_sessions()
    {
        var actors = database.Probes.Actors().Where(actor => !actor.SaysTooMuch).ToList();
        var probes = AccessTable.Tables
            .SelectMany(table => actors.SelectMany(actor => database.Probes.For(actor, table)))
            .Where(probe => Statements.Contains(probe.Attempt))
            .ToLookup(probe => probe.Actor.Login);

        var surprises = new List<string>();
        foreach (var login in probes)
        {
            surprises.AddRange(await database.TryAsync(login.Key, [.. login]));
        }
        Assert.Empty(surprises);
    }

    [Fact]
    public async Task Session_without_a_context_sees_nothing()
    {
        var nobody = database.Probes.NoContext;

        Assert.Empty(
            await database.TryAsync(nobody.Login, [.. AccessTable.Tables.SelectMany(table => database.Probes.For(nobody, table))]));
    }
}
