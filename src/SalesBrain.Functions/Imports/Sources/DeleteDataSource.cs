using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Imports.Sources;

namespace SalesBrain.Functions.Imports.Sources;

/// <summary>
/// Deletes a data source without running or paused jobs, for owners, admins and the admins of its agency, and for sb_admin.
/// </summary>
public sealed class DeleteDataSource(RequestPipeline pipeline)
{
    [Function(nameof(DeleteDataSource))]
    [Operation("Data sources", "Delete a data source", Description =
        "The credentials are removed. The source's jobs and leads stay, and keep its name.")]
    [Requires(Capability.ManageDataSources)]
    [Returns(200, typeof(Deleted))]
    [Problems("not_found", "data_source_in_use", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/data-sources/{dataSourceId:guid}")] HttpRequest request,
        Guid dataSourceId) =>
        pipeline.RunAsync<DeleteDataSource>(request, async call =>
        {
            await using var session = await call.WriteAsync();
            if (await DataSources.LockAsync(session, dataSourceId, call.CancellationToken) is not { } source)
            {
                return await DataSources.FindAsync(session, dataSourceId, call.CancellationToken) is null
                    ? Problems.NotFound
                    : Problems.Forbidden;
            }
            if (!EntityTags.Match(call, source))
            {
                return Problems.ChangedMeanwhile;
            }
            if (await DataSources.CountActiveJobsAsync(session, source, call.CancellationToken) is > 0 and var jobs)
            {
                return Problems.DataSourceInUse.Because($"{jobs} of the data source's jobs are running or paused. Cancel them first.");
            }
            await DataSources.DeleteAsync(session, source, call.Now.UtcDateTime, call.CancellationToken);
            await call.AuditAsync(
                session, "data_source.deleted", "data_source", source.Id, source.OrganizationId, AuditedChanges.Deleted(source));
            await session.CommitAsync();
            return ApiResults.Ok(new Deleted(source.Id));
        });
}
