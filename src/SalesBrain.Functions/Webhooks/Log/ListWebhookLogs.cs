using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Data.Webhooks.Log;

namespace SalesBrain.Functions.Webhooks.Log;

/// <summary>Lists webhook logs, newest first. For callers who can read webhooks. Polling is cheap while nothing changes.</summary>
public sealed class ListWebhookLogs(RequestPipeline pipeline)
{
    [Function(nameof(ListWebhookLogs))]
    [Operation("Webhook logs", "List webhook logs",
        Description = "Newest first. Send the ETag back as If-None-Match: the response is 304 while no log of the organization has changed. "
            + "If very many logs match the search term, a page may end before it is full: searched_from says how far back it was searched, "
            + "and next_cursor continues with older logs.")]
    [Requires(Capability.ReadWebhooks)]
    [Returns(200, typeof(WebhookLogPage))]
    [Returns(304)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/webhooks/logs")] HttpRequest request) =>
        pipeline.RunAsync<ListWebhookLogs, WebhookLogList>(request, async (call, input) =>
        {
            if (!call.Cursors.TryRead<Guid>(input, out var after))
            {
                return PageCursors.Invalid;
            }
            var (session, filter) = (call.Read(), input.ToFilter());
            if (request.Headers.IfNoneMatch.Count > 0)
            {
                var tag = TagOf(call, await WebhookLogs.GetVersionAsync(session, filter, call.CancellationToken));
                if (call.Has(tag))
                {
                    return ApiResults.NotModified(tag);
                }
            }
            var found = await WebhookLogs.ListAsync(session, filter, input.Limit + 1, input.Offset, after, call.CancellationToken);
            return ApiResults.Tagged(ToPage(call, input, found), TagOf(call, found.Version));
        });

    /// <summary>If the search stopped before the page was full, the next page begins behind the logs that were searched.</summary>
    private static WebhookLogPage ToPage(Call call, WebhookLogList input, WebhookLogRows found)
    {
        var page = input.ToPage(call.Cursors, found.Rows, found.Total, row => row.Id);
        return found.SearchedFrom is not { } from
            ? new(page, null)
            : new(
                page with { NextCursor = call.Cursors.Write(input, WebhookLogIds.SmallestAt(from), (long)page.Offset + page.Rows.Count) },
                from);
    }

    /// <summary>
    /// Everything that the response depends on: the logs, the caller's scope, the query, the JSON spelling, and this build.
    /// </summary>
    private static string TagOf(Call call, long version)
    {
        var camelCase = JsonResponse.OptionsFor(call.Request) == JsonResponse.Camel;
        var build = typeof(ListWebhookLogs).Module.ModuleVersionId;
        var text = $"{version} {call.Caller.OrganizationId} {camelCase} {build} {call.Request.QueryString}";
        return $"\"{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16))}\"";
    }
}

public sealed record WebhookLogList : WebhookLogFilters, IAdminList
{
    /// <inheritdoc cref="AdminList.Limit"/>
    [Range(1, PageRules.MaxLimit)]
    public int Limit { get; init; } = PageRules.DefaultLimit;

    /// <inheritdoc cref="AdminList.Offset"/>
    [Range(0, int.MaxValue, ErrorMessage = PageRules.NegativeOffset)]
    [Accepts(Maximum = BoundedCount.Limit - 1)]
    public int Offset { get; init; }

    /// <inheritdoc cref="AdminList.Cursor"/>
    [StringLength(PageRules.MaxCursorLength)]
    [Accepts(Pattern = PageRules.CursorPattern)]
    public string? Cursor { get; init; }

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        [.. base.Validate(validationContext), .. PageRules.Check(this)];
}

public sealed class WebhookLogPage(Page<WebhookLogRow> page, DateTime? searchedFrom) : AdminPage(page)
{
    /// <summary>
    /// Only logs received at or after this time were searched for this page, because many logs match the search term; <c>next_cursor</c>
    /// continues with older logs. Null if the page is full or all logs were searched.
    /// </summary>
    public DateTime? SearchedFrom { get; } = searchedFrom;

    public IReadOnlyList<WebhookLogRow> Logs { get; } = page.Rows;
}
