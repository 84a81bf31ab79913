using System.Text.RegularExpressions;
using Dapper;

namespace SalesBrain.Tests.Database;

/// <summary>
/// Proves that the isolation tests would notice: every policy is removed, and loosened as a whole and by halves, and each time something
/// that they try turns out otherwise.
/// </summary>
public sealed partial class PolicyTests(IsolationDatabase database) : IClassFixture<IsolationDatabase>
{
    public static TheoryData<string> Tables => new(AccessTable.Tables);

    [Theory, MemberData(nameof(Tables))]
    public async Task Removing_or_loosening_a_policy_shows(string table)
    {
        var unnoticed = new List<string>();
        var policies = await database.QueryAsync<Policy>("""
            select p.policyname::text as name, p.permissive = 'RESTRICTIVE' as is_restrictive, p.cmd as command, p.roles[1]::text as login, p.qual as "using", p.with_check
            from pg_policies p
            where p.schemaname = 'app' and p.tablename = @table
            order by p.policyname
            """, new { table });
        Assert.NotEmpty(policies);
        var connection = await database.SuperuserSessionAsync();
        foreach (var (policy, change) in from policy in policies from change in Changes(policy, table) select (policy, change))
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync($"{change}; set local role {policy.Login}");
            if ((await database.FindSurprisesAsync(connection, ProbesFor(policy, table, change), firstOnly: true)).Count == 0)
            {
                unnoticed.Add(change);
            }
        }
        Assert.True(unnoticed.Count == 0, string.Join('\n', unnoticed));
    }

    private IEnumerable<string> Changes(Policy policy, string table)
    {
        yield return $"drop policy {policy.Name} on app.{table}";
        var whole = (policy.Using is null or "true" ? "" : " using (true)") + (policy.WithCheck is null or "true" ? "" : " with check (true)");
        if (whole.Length > 0)
        {
            yield return $"alter policy {policy.Name} on app.{table}{whole}";
        }
        // Where a policy asks for the role alone, one half without the other admits nobody new.
        if (policy is { Using: not null, WithCheck: not null } && AsksForRow(policy, table))
        {
            yield return $"alter policy {policy.Name} on app.{table} using (true)";
            if (CanWriteWhatIsChecked(policy, table))
            {
                yield return $"alter policy {policy.Name} on app.{table} with check (true)";
            }
        }
    }

    private List<Probe> ProbesFor(Policy policy, string table, string change)
    {
        var actors = database.Probes.Actors().Where(actor => actor.Login == policy.Login).DefaultIfEmpty(database.Probes.SchemaOwner);
        // The first surprise ends it. Those that may do most come first where something is taken from them, and those that most is kept
        // from where a policy is loosened. The fence alone stops sessions that say they may do everything, above all in an organization
        // that is not theirs.
        var isLoosened = policy.IsRestrictive || !change.StartsWith("drop", StringComparison.Ordinal);
        var ordered = policy.Name == "fence"
            ? actors.OrderByDescending(actor => actor.Settings is [_, _, "owner" or "admin", ..]).ThenBy(actor => actor.Role is not null)
            : actors.OrderBy(actor => actor.Role is "owner" or "admin" ^ !isLoosened);
        return ordered.SelectMany(actor => database.Probes.For(actor, table))
            .Where(probe => policy.Command == "ALL" || probe.Sql.StartsWith(policy.Command, StringComparison.OrdinalIgnoreCase))
            .ToList();
    }

    private bool AsksForRow(Policy policy, string table) => RowColumns(policy, table).Any();

    private bool CanWriteWhatIsChecked(Policy policy, string table) =>
        RowColumns(policy, table)
            .Any(column => column.Grants.Contains($"{policy.Login} insert") || column.Grants.Contains($"{policy.Login} update"));

    private IEnumerable<TableCatalog.Column> RowColumns(Policy policy, string table)
    {
        var words = Words().Matches(policy.Using + policy.WithCheck).Select(match => match.Value).ToHashSet();
        return database.Catalog[table].Columns.Where(column => words.Contains(column.Name));
    }

    [GeneratedRegex(@"\w+", RegexOptions.None, 1000)]
    private static partial Regex Words();

    private sealed record Policy
    {
        public required string Name { get; init; }
        public bool IsRestrictive { get; init; }

        /// <summary>SELECT, INSERT, UPDATE, DELETE or ALL.</summary>
        public required string Command { get; init; }
        public required string Login { get; init; }
        public string? Using { get; init; }
        public string? WithCheck { get; init; }
    }
}
