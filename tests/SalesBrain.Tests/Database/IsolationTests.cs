namespace SalesBrain.Tests.Database;

/// <summary>
/// Every table as everybody: own organization with each role, the other organization's admin, sessions without or with a wrong context, the
/// platform. Tried are select, insert, update, delete, moving rows between scopes and organizations, and referencing foreign rows.
/// </summary>
public sealed class IsolationTests(IsolationDatabase database) : IClassFixture<IsolationDatabase>
{
    public static TheoryData<string> Tables => new(AccessTable.Tables);

    [Fact]
    public void Every_table_has_its_lines_in_the_access_table() =>
        Assert.Equal(database.Catalog.ParentsFirst().Select(table => table.Name).Order(), AccessTable.Tables.Order());

    [Theory, MemberData(nameof(Tables))]
    public Task Rows_are_accessible_only_to_permitted_sessions(string table) =>
        AssertExpectedAsync(database.Probes.Actors().SelectMany(actor => database.Probes.For(actor, table)));

    [Theory, MemberData(nameof(Tables))]
    public Task Session_without_a_context_sees_nothing(string table) =>
        AssertExpectedAsync(database.Probes.For(database.Probes.NoContext, table));

    /// <summary>Tries the probes, each as its login.</summary>
    private async Task AssertExpectedAsync(IEnumerable<Probe> probes)
    {
        var surprises = new List<string>();
        foreach (var login in probes.GroupBy(probe => probe.Actor.Login))
        {
            surprises.AddRange(await database.TryAsync(login.Key, [.. login]));
        }
        Assert.True(surprises.Count == 0, string.Join('\n', surprises));
    }
}
