using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Imports.Jobs;

namespace SalesBrain.Functions.Imports.Jobs;

/// <summary>Lists the import jobs that the caller can see: those of their organization or agency.</summary>
public sealed class ListJobs(RequestPipeline pipeline)
{
    [Function(nameof(ListJobs))]
    [Operation("Import jobs", "List import jobs", Description = "With their progress. Newest first by default.")]
    [Requires(Capability.ReadDataSources)]
    [Returns(200, typeof(Listing<ImportJob>), Bare = true)]
    [Returns(304)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/jobs")] HttpRequest request) =>
        pipeline.RunAsync<ListJobs, ListJobsRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, ImportJobs.KeyOf(input.SortBy), out var start))
            {
                return PageCursors.Invalid;
            }
            var filter = new ImportJobFilter
            {
                OrganizationId = input.OrganizationId,
                DataSourceId = input.DataSourceId,
                CampaignId = input.CampaignId,
                Statuses = input.Status,
            };
            var (rows, total) = await ImportJobs.ListAsync(call.Read(), filter, start, call.CancellationToken);
            return EntityTags.ShowPage(call, input.ToPage(call.Cursors, rows, total));
        });
}

public sealed record ListJobsRequest : V1List<ImportJobSort>
{
    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    public Guid? DataSourceId { get; init; }

    public Guid? CampaignId { get; init; }

    /// <summary>Statuses; repeatable.</summary>
    [Length(0, 10)]
    public ImportJobStatus[] Status { get; init; } = [];
}
