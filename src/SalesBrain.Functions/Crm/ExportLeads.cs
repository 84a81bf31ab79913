using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Access;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Crm;
using SalesBrain.Functions.Http.Exports;

namespace SalesBrain.Functions.Crm;

/// <summary>Exports leads, filtered and ordered as the list, as a CSV file. For callers who can see them.</summary>
public sealed class ExportLeads(RequestPipeline pipeline, ExportLimits limits, IOptions<ResponseOptions> options)
{
    /// <summary>Rows that are read, and in memory, at a time.</summary>
    private const int PageSize = 1000;

    [Function(nameof(ExportLeads))]
    [Operation("Leads", "Export leads as CSV", TimeLimitSeconds = 600, Description =
        "The matching leads in the order of the list, at most 100,000 (setting Responses__ExportMaxRows). CSV is RFC 4180 in UTF-8 with a "
        + "byte order mark; cells that a spreadsheet would read as a formula start with an apostrophe. Clients that read too "
        + "slowly are disconnected. "
        + CustomFieldChecks.About)]
    [Requires(Capability.ReadLeads)]
    [Returns(200, typeof(string), Bare = true, ContentType = "text/csv")]
    [Problems("too_many_exports")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/leads/export")] HttpRequest request) =>
        pipeline.RunAsync<ExportLeads, ExportLeadsRequest>(request, async (call, input) =>
        {
            if (await CustomFieldChecks.CheckAsync(call, input.OrganizationId, input.CustomFields) is { } problem)
            {
                return problem;
            }
            var key = Leads.KeyOf(input.SortBy);
            var start = new PageStart(
                key, input.SortOrder is { } order ? order == SortOrder.Desc : key.IsDescendingByDefault, PageSize, 0, null);
            // Pages are read while the response is written. An error before the first bytes are sent is still returned as a problem.
            IAsyncEnumerable<Lead> Rows(CancellationToken token) =>
                Leads.ReadAllAsync(call.Read(), input.FilterFor(call.Caller), start, options.Value.ExportMaxRows, token);
            return new ExportResult(limits, call.Caller.OrganizationId, "text/csv; charset=utf-8", $"leads_{call.Now:yyyyMMdd_HHmmss}.csv",
                (body, token) => CsvExport.WriteAsync(body, Columns, Rows(token), input.Bom, token));
        });

    private static readonly CsvColumn<Lead>[] Columns =
    [
        new("id", lead => lead.Id.ToString()),
        new("status", lead => lead.Status),
        new("interest", lead => lead.Interest),
        new("interest_label", lead => lead.InterestLabel),
        new("priority", lead => lead.Priority),
        new("score", lead => Number(lead.Score)),
        new("qualification_score", lead => Number(lead.QualificationScore)),
        new("first_name", lead => lead.FirstName),
        new("last_name", lead => lead.LastName),
        new("email", lead => lead.Email),
        new("company", lead => lead.Company),
        new("campaign_name", lead => lead.CampaignName),
        new("client_name", lead => lead.ClientName),
        new("assignee_name", lead => lead.AssigneeName),
        new("practice_area", lead => lead.PracticeArea),
        new("source", lead => lead.Source),
        new("tags", lead => string.Join("; ", lead.Tags)),
        new("deal_amount", lead => lead.DealAmount?.ToString("0.00", CultureInfo.InvariantCulture)),
        new("deal_currency", lead => lead.DealCurrency),
        new("expected_close_date", lead => lead.ExpectedCloseDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        new("closed_at", lead => Time(lead.ClosedAt)),
        new("sent_count", lead => Number(lead.SentCount)),
        new("opened_count", lead => Number(lead.OpenedCount)),
        new("clicked_count", lead => Number(lead.ClickedCount)),
        new("replied_count", lead => Number(lead.RepliedCount)),
        new("last_activity_at", lead => Time(lead.LastActivityAt)),
        new("created_at", lead => CsvExport.Time(lead.CreatedAt)),
        new("updated_at", lead => CsvExport.Time(lead.UpdatedAt)),
    ];

    private static string? Number(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Time(DateTime? time) => time is { } at ? CsvExport.Time(at) : null;
}

public sealed record ExportLeadsRequest : LeadFilters
{
    /// <summary>Whether the file begins with the UTF-8 byte order mark, by which spreadsheets recognize the encoding.</summary>
    public bool Bom { get; init; } = true;
}
