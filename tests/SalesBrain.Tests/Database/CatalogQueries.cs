namespace SalesBrain.Tests.Database;

/// <summary>Asks the catalog for names of what breaks a rule.</summary>
internal static class CatalogQueries
{
    public static async Task AssertNoneAsync(this ClonedDatabase database, string query) =>
        Assert.Empty(await database.QueryAsync<string>(query));

    /// <summary>Those that break the rule are exactly those that have a reason to.</summary>
    public static async Task AssertExceptionsAsync(this ClonedDatabase database, Dictionary<string, string> reasons, string query) =>
        Assert.Equal(reasons.Keys.Order(StringComparer.Ordinal), (await database.QueryAsync<string>(query)).Order(StringComparer.Ordinal));
}
