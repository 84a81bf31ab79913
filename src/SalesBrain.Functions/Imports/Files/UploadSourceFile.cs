using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Imports.Files;
using SalesBrain.Data.Imports.Sources;
using SalesBrain.Integrations.Csv;

namespace SalesBrain.Functions.Imports.Files;

/// <summary>Uploads a CSV file to a data source, for those who may change it.</summary>
public sealed class UploadSourceFile(RequestPipeline pipeline, FileUploads uploads)
{
    [Function(nameof(UploadSourceFile))]
    [Operation("Data sources", "Upload a file", TimeLimitSeconds = 120, Description =
        "Takes a multipart form: the part file is a CSV file of at most 50 MiB and 500,000 rows, the optional part mapping a JSON object "
        + "that names the field by the column's header. Only for data sources of the type csv. The response says how the file is written, "
        + "what its columns mean, and which rows are broken. Jobs that are created from now on read this file. It is deleted 30 "
        + "days after its last job.")]
    [Requires(Capability.ManageDataSources)]
    [RawBody("multipart/form-data")]
    [Returns(201, typeof(UploadedFile))]
    [Problems("not_found", "file_refused", "payload_too_large", "unsupported_media_type", "invalid")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/data-sources/{dataSourceId:guid}/files")] HttpRequest request, Guid dataSourceId) =>
        pipeline.RunAsync<UploadSourceFile>(request, call => UploadAsync(call, dataSourceId));

    private async Task<IResult> UploadAsync(Call call, Guid dataSourceId)
    {
        if (await DataSources.FindAsync(call.Read(), dataSourceId, call.CancellationToken) is not { } source)
        {
            return Problems.NotFound;
        }
        if (call.Caller.AgencyId is { } agency && source.AgencyId != agency)
        {
            // Agencies see the sources of the whole organization, and change only their own.
            return Problems.Forbidden;
        }
        if (source.Type != "csv")
        {
            return Problems.RefusedFile("Files belong to data sources of the type csv.");
        }
        var (form, problem) = await UploadForm.ReadAsync(call, "mapping");
        if (form is null)
        {
            return problem!;
        }
        await using (form)
        {
            var errors = new InputErrors();
            var mapping = form.Mapping(errors);
            if (errors.Any)
            {
                return Problems.InvalidInput(errors);
            }
            await using var stored = UploadForm.CreateTemporary();
            var (report, refused) = await uploads.ReadAsync(form, stored, source.Config, mapping, call.CancellationToken);
            return report is null ? refused! : await StoreAsync(call, source, form, stored, report);
        }
    }

    private Task<IResult> StoreAsync(Call call, DataSource source, UploadForm form, FileStream stored, CsvReport report)
    {
        var file = FileUploads.Describe(call, source.OrganizationId, source.Id, source.AgencyId, form, report);
        return uploads.StoreAsync(
            file, stored, report.Facts,
            async () =>
            {
                await using var session = await call.WriteAsync();
                if (await DataSources.LockAsync(session, source.Id, call.CancellationToken) is null)
                {
                    return Problems.NotFound;
                }
                await SourceFiles.AddAsync(session, file, call.CancellationToken);
                await call.AuditAsync(
                    session, "data_source.file_uploaded", "data_source", source.Id, source.OrganizationId,
                    new { file.Name, file.Rows, file.SizeBytes });
                await session.CommitAsync();
                return ApiResults.Created(
                    $"/api/v1/data-sources/{source.Id}",
                    new UploadedFile(FileReport.Of(report, file.Name, file.SizeBytes), file.Id, source.Id));
            },
            call.CancellationToken);
    }
}
