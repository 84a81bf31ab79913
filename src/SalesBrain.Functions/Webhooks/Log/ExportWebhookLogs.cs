using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Access;
using SalesBrain.Data.Webhooks.Log;
using SalesBrain.Functions.Http.Exports;

namespace SalesBrain.Functions.Webhooks.Log;

/// <summary>Exports webhook logs, filtered and ordered as the list, as a file. For callers who can read webhooks.</summary>
public sealed class ExportWebhookLogs(RequestPipeline pipeline, ExportLimits limits, IOptions<WebhookOptions> options)
{
    /// <summary>Rows that are read, and in memory, at a time.</summary>
    private const int PageSize = 1000;

    [Function(nameof(ExportWebhookLogs))]
    [Operation("Webhook logs", "Export webhook logs as CSV or JSON", TimeLimitSeconds = 600, Description =
        "The newest matching logs, at most 100,000 (setting Webhooks__ExportMaxRows), as of the start of the export. CSV is RFC 4180 in "
        + "UTF-8 with a byte order mark; cells that a spreadsheet would read as a formula start with an apostrophe. JSON is an array of "
        + "the rows of the list. Clients that read too slowly are disconnected.")]
    [Requires(Capability.ReadWebhooks)]
    [Returns(200, typeof(string), Bare = true, ContentType = "text/csv")]
    [Returns(200, typeof(WebhookLogRow[]), Bare = true)]
    [Problems("too_many_exports")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/webhooks/logs/export")] HttpRequest request) =>
        pipeline.RunAsync<ExportWebhookLogs, WebhookLogExport>(request, (call, input) =>
        {
            // Pages are read while the response is written. An error before the first bytes are sent is still returned as a problem.
            IAsyncEnumerable<WebhookLogRow> Rows(CancellationToken token) =>
                WebhookLogs.ReadAllAsync(call.Read(), input.ToFilter(), options.Value.ExportMaxRows, PageSize, token);
            var name = $"webhook_logs_{call.Now:yyyyMMdd_HHmmss}";
            return Task.FromResult<IResult>(input.Format == ExportFormat.Json
                ? new ExportResult(limits, call.Caller.OrganizationId, "application/json; charset=utf-8", name + ".json",
                    (body, token) => JsonExport.WriteAsync(body, Rows(token), JsonResponse.OptionsFor(request), token))
                : new ExportResult(limits, call.Caller.OrganizationId, "text/csv; charset=utf-8", name + ".csv",
                    (body, token) => CsvExport.WriteAsync(body, Columns, Rows(token), input.Bom, token)));
        });

    private static readonly CsvColumn<WebhookLogRow>[] Columns =
    [
        new("id", row => row.Id.ToString()),
        new("event_type", row => row.EventType),
        new("event_source", row => row.EventSource),
        new("campaign_name", row => row.CampaignName),
        new("contact_email", row => row.ContactEmail),
        new("status", row => row.Status),
        new("error_message", row => row.ErrorMessage),
        new("created_at", row => CsvExport.Time(row.CreatedAt)),
    ];
}

public sealed record WebhookLogExport : WebhookLogFilters
{
    public ExportFormat Format { get; init; }

    /// <summary>Whether CSV begins with the UTF-8 byte order mark, by which spreadsheets recognize the encoding. JSON never does.</summary>
    public bool Bom { get; init; } = true;
}

public enum ExportFormat
{
    Csv,
    Json,
}
