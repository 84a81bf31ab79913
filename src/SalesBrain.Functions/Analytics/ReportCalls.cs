using System.Text.Json;
using SalesBrain.Core.Analytics;
using SalesBrain.Data.Analytics;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Http.Exports;

namespace SalesBrain.Functions.Analytics;

/// <summary>
/// The steps of every report: resolve the period, return the stored answer or compute and store it, and write it as JSON or CSV.
/// </summary>
public sealed class ReportCalls(SalesBrainDatabase database, ReportPeriods periods, ExportLimits limits)
{
    /// <summary>
    /// Two round trips for an answer that is stored, three for one that is computed, whatever the data.
    /// </summary>
    /// <param name="call">The request.</param>
    /// <param name="input">Its parameters.</param>
    /// <param name="place">The filters by agency, client and campaign.</param>
    /// <param name="name">Of the report, also of its file.</param>
    /// <param name="parameters">What else the answer depends on.</param>
    /// <param name="read">Reads the report.</param>
    /// <param name="describe">Makes the answer.</param>
    internal async Task<IResult> RunAsync<TReport>(
        Call call, AnalyticsQuery input, (Guid? AgencyId, Guid? ClientId, Guid? CampaignId) place, string name, object? parameters,
        Func<DatabaseSession, AnalyticsFilter, Task<ReportParts>> read, Func<ReportHeading, ReportParts, TReport> describe)
    {
        var errors = new InputErrors();
        var (period, zone) = await periods.ReadAsync(call, input, errors);
        if (name == "campaign")
        {
            // A platform operator's is the campaign's.
            call.Caller.CheckOrganization(input.OrganizationId, errors);
        }
        else
        {
            call.Caller.OrganizationFor(input.OrganizationId, errors);
        }
        if (period is null || errors.Any)
        {
            return Problems.InvalidInput(errors);
        }
        var now = call.Now.UtcDateTime;
        var organization = call.Caller.OrganizationId ?? input.OrganizationId;
        var filter = new AnalyticsFilter(organization, place.AgencyId, place.ClientId, place.CampaignId, period, zone, now);
        var session = call.Read();
        var key = JsonSerializer.Serialize(new { version = 1, name, compare = input.Compare, parameters }, JsonResponse.Snake);
        if (await AnalyticsCache.FindAsync(session, filter, key, call.CancellationToken) is not { } resolved)
        {
            return name == "campaign"
                ? Problems.NotFound
                : Problems.InvalidMember("organization_id", "must be the id of an existing organization");
        }
        if (name == "campaign" && !resolved.HasCampaign)
        {
            return Problems.NotFound;
        }
        if (resolved.TimeZone is null)
        {
            return Problems.InvalidMember("tz", ReportPeriods.ZoneRule);
        }
        if (resolved.Buckets > ReportPeriod.MaxBuckets)
        {
            return Problems.InvalidMember("date_from", $"must not be so early: a series has at most {ReportPeriod.MaxBuckets} buckets");
        }
        if (resolved.Answer is not { } answer)
        {
            var heading = new ReportHeading(new(resolved.StartsAt, resolved.EndsAt, resolved.TimeZone, period.Grouping), now,
                input.Compare == ReportComparison.Previous ? new(resolved.PreviousStartsAt, resolved.StartsAt) : null);
            answer = JsonSerializer.Serialize(describe(heading, await read(session, filter)), JsonResponse.Snake);
            await AnalyticsCache.StoreAsync(database.AutoCommitPlatform(), session, resolved, answer, now, call.CancellationToken);
        }
        if (input.Format == ReportFormat.Json)
        {
            // Stored or not, the response is made of the same text.
            return ApiResults.Ok(JsonSerializer.Deserialize<TReport>(answer, JsonResponse.Snake)!);
        }
        return new ExportResult(limits, call.Caller.OrganizationId, "text/csv; charset=utf-8", $"{name}_{call.Now:yyyyMMdd_HHmmss}.csv",
            (body, token) => CsvExport.WriteAsync(body, ReportCells.Columns, ReportCells.OfAsync(answer), input.Bom, token));
    }
}

/// <summary>What every report begins with.</summary>
internal sealed record ReportHeading(ResolvedPeriod Resolved, DateTime AsOf, PeriodBounds? Previous);

/// <summary>A period: from (inclusive) to (exclusive).</summary>
public sealed record PeriodBounds(DateTime From, DateTime To);
