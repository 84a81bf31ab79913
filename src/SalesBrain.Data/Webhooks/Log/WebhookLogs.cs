using System.Runtime.CompilerServices;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Log;

/// <summary>Received events as people watch them.</summary>
public static class WebhookLogs
{
    private const string Version = "select coalesce(sum(version), 0)::bigint from app.webhook_log_version";

    /// <summary>
    /// A number that increases with every change to the logs of an organization, or of all organizations in a platform session without one.
    /// Costs one index look-up.
    /// </summary>
    public static Task<long> GetVersionAsync(DatabaseSession session, WebhookLogFilter filter, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<long>(
            VersionOf(SessionScope.Of(session), filter),
            new { organizationId = session.OrganizationId ?? filter.OrganizationId },
            cancellationToken);

    /// <summary>
    /// At most <paramref name="limit"/> logs, newest first, leaving out <paramref name="offset"/> or beginning behind the log
    /// <paramref name="after"/>, and how many match. One round trip, with a search term two, with a common one three: then the logs that
    /// are searched for one page are limited, and <see cref="WebhookLogRows.SearchedFrom"/> says how far back they reach.
    /// </summary>
    public static async Task<WebhookLogRows> ListAsync(
        DatabaseSession session, WebhookLogFilter filter, int limit, int offset, Guid? after, CancellationToken cancellationToken)
    {
        var scope = SessionScope.Of(session);
        var search = await WebhookLogSearch.FindAsync(session, filter, cancellationToken);
        var searchedFrom = search is { IsComplete: false } ? await FindSearchedFromAsync(session, filter, after, cancellationToken) : null;
        var statement = ListStatement(scope, filter, limit, offset, after, search, searchedFrom);
        return await session.QueryMultipleAsync(
            statement.Sql,
            statement.Arguments,
            async (results, token) =>
            {
                await results.ReadAsync<string>(token);
                var version = (await results.ReadAsync<long>(token)).Single();
                var rows = await results.ReadAsync<WebhookLogRow>(token);
                var total = BoundedCount.Of((await results.ReadAsync<long>(token)).Single());
                return new WebhookLogRows(
                    rows, total with { IsExact = total.IsExact && search is not { IsComplete: false } }, version,
                    rows.Count < limit ? searchedFrom : null);
            },
            cancellationToken);
    }

    /// <summary>
    /// Takes what the search term of the filter leads to, null without a term, and where the search ends if the term is common.
    /// </summary>
    internal static Statement ListStatement(
        SessionScope scope, WebhookLogFilter filter, int limit, int offset, Guid? after, WebhookLogSearch? search, DateTime? searchedFrom = null)
    {
        var selection = new WebhookLogSelection(scope, filter, search);
        // The version is read first: rows that are newer than it only cost a caller one more look.
        return new(
            $"""
            {WebhookLogSelection.PlanEachTime}

            {VersionOf(scope, filter)};

            {Rows(selection.Keys(limit, offset, after, searchedFrom))};

            {selection.Count()};
            """,
            selection.Parameters);
    }

    /// <summary>Returns the oldest time that a page of a common search term is searched back to; no row if all logs are searched.</summary>
    internal static Statement SearchedFromStatement(SessionScope scope, WebhookLogFilter filter, Guid? after)
    {
        var selection = new WebhookLogSelection(scope, filter, null);
        return new(selection.TimeOfLast(WebhookLogSearch.LogsPerPage, after), selection.Parameters);
    }

    private static Task<DateTime?> FindSearchedFromAsync(
        DatabaseSession session, WebhookLogFilter filter, Guid? after, CancellationToken cancellationToken)
    {
        var statement = SearchedFromStatement(SessionScope.Of(session), filter, after);
        return session.QuerySingleOrDefaultAsync<DateTime?>(statement.Sql, statement.Arguments, cancellationToken);
    }

    /// <summary>
    /// The newest matching logs, at most <paramref name="most"/>, in any number. Reads them in pages, so that no connection is held while
    /// the rows are used. Logs that are received after the first page was read do not appear; one that changes meanwhile appears as it then
    /// is.
    /// </summary>
    /// <param name="session">A reading session.</param>
    /// <param name="filter">Which logs.</param>
    /// <param name="most">Maximum number of logs.</param>
    /// <param name="pageSize">Number of logs read, and in memory, at a time.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async IAsyncEnumerable<WebhookLogRow> ReadAllAsync(
        DatabaseSession session, WebhookLogFilter filter, int most, int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var search = await WebhookLogSearch.FindAsync(session, filter, cancellationToken);
        Guid? after = null;
        for (var left = most; left > 0;)
        {
            var size = Math.Min(left, pageSize);
            var page = await ReadPageAsync(session, filter, search, size, after, cancellationToken);
            foreach (var row in page)
            {
                yield return row;
            }
            if (page.Count < size)
            {
                yield break;
            }
            (after, left) = (page[^1].Id, left - size);
        }
    }

    /// <summary>The ids of the newest matching logs, at most <paramref name="most"/>.</summary>
    public static async Task<List<Guid>> FindIdsAsync(
        DatabaseSession session, WebhookLogFilter filter, int most, CancellationToken cancellationToken)
    {
        var search = await WebhookLogSearch.FindAsync(session, filter, cancellationToken);
        var selection = new WebhookLogSelection(SessionScope.Of(session), filter, search);
        return await QueryPlannedAsync<Guid>(session, $"select k.id from ({selection.Keys(most)}) k", selection, cancellationToken);
    }

    private static Task<List<WebhookLogRow>> ReadPageAsync(
        DatabaseSession session, WebhookLogFilter filter, WebhookLogSearch? search, int size, Guid? after, CancellationToken cancellationToken)
    {
        var selection = new WebhookLogSelection(SessionScope.Of(session), filter, search);
        return QueryPlannedAsync<WebhookLogRow>(session, Rows(selection.Keys(size, after: after)), selection, cancellationToken);
    }

    private static Task<List<T>> QueryPlannedAsync<T>(
        DatabaseSession session, string sql, WebhookLogSelection selection, CancellationToken cancellationToken) =>
        session.QueryMultipleAsync(
            $"{WebhookLogSelection.PlanEachTime}\n\n{sql};",
            selection.Parameters,
            async (results, token) =>
            {
                await results.ReadAsync<string>(token);
                return await results.ReadAsync<T>(token);
            },
            cancellationToken);

    private static string Rows(string keys) => $"""
        select {WebhookLogRow.Columns}
        from {SqlText.Parenthesized(keys)} k
        join app.webhook_log l on l.organization_id = k.organization_id and l.created_at = k.created_at and l.id = k.id
        left join app.campaign c on c.organization_id = l.organization_id and c.id = l.campaign_id
        order by l.created_at desc, l.id desc
        """;

    private static string VersionOf(SessionScope scope, WebhookLogFilter filter) =>
        (scope.OrganizationId ?? filter.OrganizationId) is null ? Version : Version + " where organization_id = @organizationId";
}

/// <summary>
/// A page's rows, how many match, and the version that both are at least as new as. If the search for a common term ended before the page
/// was full, <paramref name="SearchedFrom"/> is the time (inclusive) that it reached; there are older logs.
/// </summary>
public sealed record WebhookLogRows(IReadOnlyList<WebhookLogRow> Rows, BoundedCount Total, long Version, DateTime? SearchedFrom);
