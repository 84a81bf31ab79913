using Dapper;
using Npgsql;

namespace SalesBrain.Tests.Database;

/// <summary>
/// Every table as everybody: own organization with each role, the other organization's admin, sessions without or with a wrong context, the
/// platform. Tried are select, insert, update, delete, moving rows between scopes and organizations, and referencing foreign rows.
/// </summary>
public class IsolationTests(IsolationDatabase database) : IClassFixture<IsolationDatabase>
{
    public static TheoryData<string> Tables => new(AccessTable.Tables);

    [Fact]
    public void Every_table_has_its_lines_in_the_access_table() =>
        Assert.Equal(database.Catalog.ParentsFirst().Select(table => table.Name).Order(), AccessTable.Tables.Order());

    [Theory, MemberData(nameof(Tables))]
    public async Task Rows_are_accessible_only_to_permitted_sessions(string table)
    {
        var surprises = new List<string>();
        foreach (var login in database.Probes.Actors().GroupBy(actor => actor.Login))
        {
            var probes = login.SelectMany(actor => database.Probes.For(actor, table)).ToList();
            surprises.AddRange(await TryAsync(login.Key, probes));
        }
        Assert.True(surprises.Count == 0, string.Join('\n', surprises));
    }

    [Theory, MemberData(nameof(Tables))]
    public async Task Session_without_a_context_sees_nothing(string table)
    {
        var nobody = database.Probes.NoContext;
        var surprises = await TryAsync(nobody.Login, database.Probes.For(nobody, table).ToList());
        Assert.True(surprises.Count == 0, string.Join('\n', surprises));
    }

    private async Task<List<string>> TryAsync(string login, List<Probe> probes)
    {
        var connections = login == "salesbrain_tenant" ? database.Connections.Tenant : database.Connections.Platform;
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connections) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        // PgBouncer may give it a server connection on which the setting was used, and then reads as an empty text.
        Assert.Equal(login, await connection.QuerySingleAsync<string>("select current_user where coalesce(current_setting('app.current_org_id', true), '') = ''"));
        return await IsolationDatabase.FindSurprisesAsync(connection, probes);
    }
}
