using System.Runtime.CompilerServices;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Log;

/// <summary>Received events as people watch them.</summary>
public static class WebhookLogs
{
    /// <summary>
    /// The best plans of these statements depend on their parameters, such as how rare a type is. A generic plan would be bad for most of
    /// them.
    /// </summary>
    private const string PlanEachTime = "select set_config('plan_cache_mode', 'force_custom_plan', true);";

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
    /// <paramref name="after"/>, and how many match. One round trip, with a search term two.
    /// </summary>
    public static async Task<WebhookLogRows> ListAsync(
        DatabaseSession session, WebhookLogFilter filter, int limit, int offset, Guid? after, CancellationToken cancellationToken)
    {
        var search = await WebhookLogSearch.FindAsync(session, filter, cancellationToken);
        var statement = ListStatement(SessionScope.Of(session), filter, limit, offset, after, search);
        return await session.QueryMultipleAsync(
            statement.Sql,
            statement.Arguments,
            async (results, token) =>
            {
                await results.ReadAsync<string>(token);
                var version = (await results.ReadAsync<long>(token)).Single();
                var rows = await results.ReadAsync<WebhookLogRow>(token);
                var total = BoundedCount.Of((await results.ReadAsync<long>(token)).Single());
                return new WebhookLogRows(rows, total with { IsExact = total.IsExact && search is not { IsComplete: false } }, version);
            },
            cancellationToken);
    }

    /// <summary>Takes what the search term of the filter leads to; null without a term.</summary>
    internal static Statement ListStatement(
        SessionScope scope, WebhookLogFilter filter, int limit, int offset, Guid? after, WebhookLogSearch? search)
    {
        var selection = new WebhookLogSelection(scope, filter, search);
        // The version is read first: rows that are newer than it only cost a caller one more look.
        return new(
            $"""
            {PlanEachTime}

            {VersionOf(scope, filter)};

            {Rows(selection.Keys(limit, offset, after))};

            {selection.Count()};
            """,
            selection.Parameters);
    }

    /// <summary>
    /// The newest matching logs, at most <paramref name="most"/>, in any number. Reads them in pages, so that no connection is held while the
    /// rows are used. Logs that are received after the first page was read do not appear; one that changes meanwhile appears as it then is.
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
        return await session.QueryAsync<Guid>($"select k.id from ({selection.Keys(most)}) k", selection.Parameters, cancellationToken);
    }

    private static Task<List<WebhookLogRow>> ReadPageAsync(
        DatabaseSession session, WebhookLogFilter filter, WebhookLogSearch? search, int size, Guid? after, CancellationToken cancellationToken)
    {
        var selection = new WebhookLogSelection(SessionScope.Of(session), filter, search);
        return session.QueryMultipleAsync(
            $"{PlanEachTime}\n\n{Rows(selection.Keys(size, after: after))};",
            selection.Parameters,
            async (results, token) =>
            {
                await results.ReadAsync<string>(token);
                return await results.ReadAsync<WebhookLogRow>(token);
            },
            cancellationToken);
    }

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

/// <summary>A page's rows, how many match, and the version that both are at least as new as.</summary>
public sealed record WebhookLogRows(IReadOnlyList<WebhookLogRow> Rows, BoundedCount Total, long Version);
