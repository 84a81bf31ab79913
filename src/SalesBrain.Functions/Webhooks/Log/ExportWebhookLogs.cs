using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Access;
using SalesBrain.Data.Webhooks.Log;
using SalesBrain.Functions.Http.Exports;

namespace SalesBrain.Functions.Webhooks.Log;

/// <summary>Exports received webhooks, filtered and ordered as the list, as a file, for whoever watches webhooks.</summary>
public sealed class ExportWebhookLogs(RequestPipeline pipeline, IOptions<WebhookOptions> options)
{
    [Function(nameof(ExportWebhookLogs))]
    [Operation("Webhook logs", "Export webhook logs as CSV or JSON", Description =
        "The newest matching logs, at most 100,000 (setting Webhooks__ExportMaxRows). CSV is RFC 4180 in UTF-8; cells that a "
        + "spreadsheet would read as a formula start with an apostrophe. JSON is an array of the rows of the list.")]
    [Requires(Capability.ReadWebhooks)]
    [Returns(200, typeof(string), Bare = true, ContentType = "text/csv")]
    [Returns(200, typeof(WebhookLogRow[]), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/webhooks/logs/export")] HttpRequest request) =>
        pipeline.RunAsync<ExportWebhookLogs, WebhookLogExport>(request, (call, input) =>
        {
            // Rows are read while the response is written. An error before the first bytes are sent is still returned as a problem.
            IAsyncEnumerable<WebhookLogRow> Rows(CancellationToken token) =>
                WebhookLogs.StreamAsync(call.Read(), input.ToFilter(), options.Value.ExportMaxRows, token);
            var name = $"webhook_logs_{call.Now:yyyyMMdd_HHmmss}";
            return Task.FromResult(input.Format == ExportFormat.Json
                ? ApiResults.Stream("application/json; charset=utf-8",
                    (_, body, token) => JsonExport.WriteAsync(body, Rows(token), JsonResponse.OptionsFor(request), token), name + ".json")
                : ApiResults.Stream("text/csv; charset=utf-8",
                    (_, body, token) => CsvExport.WriteAsync(body, Columns, Rows(token), token), name + ".csv"));
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
}

public enum ExportFormat
{
    Csv,
    Json,
}
