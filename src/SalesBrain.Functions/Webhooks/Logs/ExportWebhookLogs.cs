using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using SalesBrain.Data.Identity;
using SalesBrain.Data.Webhooks.Logs;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Webhooks.Logs;

/// <summary>Exports received webhooks, filtered and ordered as the list, as a file, for whoever watches webhooks.</summary>
public sealed class ExportWebhookLogs(FrontDoor frontDoor, IOptions<WebhookOptions> options, TimeProvider clock)
{
    [Function(nameof(ExportWebhookLogs))]
    [Endpoint("Webhook logs", "Received webhooks as a CSV or JSON file",
        Description = "The newest 100,000 (setting Webhooks__ExportMaxRows) that match. CSV is RFC 4180 in UTF-8; cells that a spreadsheet would "
            + "take for a formula begin with an apostrophe. JSON is an array of what the list shows.")]
    [Requires(Capability.ReadWebhooks)]
    [Answers(200, typeof(string), Bare = true, ContentType = "text/csv")]
    [Answers(200, typeof(WebhookLogRow[]), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/webhooks/logs/export")] HttpRequest request,
        CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<ExportWebhookLogs, WebhookLogExport>(request, (call, input, _) =>
        {
            // Read while it is written, under the token of the answer: what fails before the first bytes are sent is still answered as a problem.
            IAsyncEnumerable<WebhookLogRow> Rows(CancellationToken token) =>
                WebhookLogs.StreamAsync(call.Read(), input.ToFilter(), options.Value.ExportMaxRows, token);
            var name = $"webhook_logs_{clock.GetUtcNow():yyyyMMdd_HHmmss}";
            return Task.FromResult(input.Format == ExportFormat.Json
                ? Answer.Stream("application/json; charset=utf-8",
                    (_, body, token) => JsonExport.WriteAsync(body, Rows(token), JsonAnswer.OptionsFor(request), token), name + ".json")
                : Answer.Stream("text/csv; charset=utf-8",
                    (_, body, token) => CsvExport.WriteAsync(body, Columns, Rows(token), token), name + ".csv"));
        }, cancellationToken);

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
