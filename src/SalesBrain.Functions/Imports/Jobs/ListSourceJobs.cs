using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Imports.Jobs;
using SalesBrain.Data.Imports.Sources;

namespace SalesBrain.Functions.Imports.Jobs;

/// <summary>Lists the import jobs of one data source, for callers who can see both.</summary>
public sealed class ListSourceJobs(RequestPipeline pipeline)
{
    [Function(nameof(ListSourceJobs))]
    [Operation("Data sources", "List the jobs of a data source", Description = "Newest first by default.")]
    [Requires(Capability.ReadDataSources)]
    [Returns(200, typeof(Listing<ImportJob>), Bare = true)]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/data-sources/{dataSourceId:guid}/jobs")] HttpRequest request,
        Guid dataSourceId) =>
        pipeline.RunAsync<ListSourceJobs, ListSourceJobsRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, ImportJobs.KeyOf(input.SortBy), out var start))
            {
                return PageCursors.Invalid;
            }
            if (await DataSources.FindAsync(call.Read(), dataSourceId, call.CancellationToken) is not { } source)
            {
                return Problems.NotFound;
            }
            var filter = new ImportJobFilter
            {
                OrganizationId = source.OrganizationId,
                DataSourceId = source.Id,
                Statuses = input.Status,
                CreatedFrom = input.DateFrom,
                CreatedTo = input.DateTo,
            };
            var (rows, total) = await ImportJobs.ListAsync(call.Read(), filter, start, call.CancellationToken);
            return ApiResults.Bare(input.ToPage(call.Cursors, rows, total));
        });
}

public sealed record ListSourceJobsRequest : V1List<ImportJobSort>
{
    /// <summary>Statuses; repeatable.</summary>
    [Length(0, 10)]
    public ImportJobStatus[] Status { get; init; } = [];

    /// <summary>Created at or after this time. A date without time means 00:00 UTC.</summary>
    public DateTime? DateFrom { get; init; }

    /// <summary>Created before this time.</summary>
    public DateTime? DateTo { get; init; }

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var result in base.Validate(validationContext))
        {
            yield return result;
        }
        if (DateTo < DateFrom)
        {
            yield return new("must not be before date_from", [nameof(DateTo)]);
        }
    }
}
