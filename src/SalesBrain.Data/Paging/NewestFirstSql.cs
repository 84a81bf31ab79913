using Dapper;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Paging;

/// <summary>
/// What the statements of newest-first lists have in common: the rows after a cursor, their order, the limit, and the count. The rest of
/// such a statement is written by hand.
/// </summary>
/// <param name="Row">The name that the statement gives the list's table, which has an <c>id</c>.</param>
/// <param name="Time">The column that the list is sorted by.</param>
/// <param name="Prefix">What the names of the page's parameters begin with, where a statement reads two lists.</param>
internal sealed record NewestFirstSql(string Row, string Time = "created_at", string Prefix = "")
{
    /// <summary>The condition of rows after the cursor; true without a cursor.</summary>
    internal string IsAfterCursor => $"(@{Prefix}afterId::uuid is null or ({Row}.{Time}, {Row}.id) < (@{Prefix}afterAt, @{Prefix}afterId))";

    internal string Order => $"order by {Row}.{Time} desc, {Row}.id desc";

    internal string Limit => $"limit @{Prefix}limit offset @{Prefix}offset";

    /// <summary>Counts rows to <see cref="BoundedCount.Probe"/>.</summary>
    internal static string Count(string tables, string condition) =>
        $"select count(*) from (select from {tables} where {condition} limit {BoundedCount.Probe}) counted";

    /// <summary>The parameters that these texts name.</summary>
    internal DynamicParameters Parameters(NewestFirstPage page)
    {
        var parameters = new DynamicParameters();
        parameters.Add($"{Prefix}limit", page.Limit);
        parameters.Add($"{Prefix}offset", page.Offset);
        parameters.Add($"{Prefix}afterAt", page.After?.CreatedAt);
        parameters.Add($"{Prefix}afterId", page.After?.Id);
        return parameters;
    }

    /// <summary>Runs a statement of two results, a page's rows and the count, in one round trip.</summary>
    internal static Task<(List<TRow> Rows, BoundedCount Total)> ReadAsync<TRow>(
        DatabaseSession session, Statement statement, CancellationToken cancellationToken)
        where TRow : INewestFirstRow =>
        session.QueryMultipleAsync(
            statement.Sql,
            statement.Arguments,
            async (results, token) => (
                await results.ReadAsync<TRow>(token), BoundedCount.Of((await results.ReadAsync<long>(token)).Single())),
            cancellationToken);
}
