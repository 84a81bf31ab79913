using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Imports;
using SalesBrain.Data.Imports.Files;
using SalesBrain.Data.Imports.Jobs;
using SalesBrain.Data.Imports.Sources;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Imports.Jobs;
using SalesBrain.Functions.Imports.Sources;

namespace SalesBrain.Functions.Imports.Files;

/// <summary>Imports a CSV file into a campaign in one request, for those who may create data sources.</summary>
public sealed class ImportLeads(RequestPipeline pipeline, FileUploads uploads, ImportSignal signal)
{
    [Function(nameof(ImportLeads))]
    [Operation("Import jobs", "Import a file of leads", TimeLimitSeconds = 120, Description =
        "Takes a multipart form: file (CSV, at most 50 MiB and 500,000 rows), campaign_id, and optionally mapping (a JSON object: the "
        + "field by the column's header), update_existing and dry_run. Creates a data source of the type csv and an import job, and starts "
        + "the job. With dry_run true, nothing is changed: the response is the report of the whole file.")]
    [Requires(Capability.ManageDataSources)]
    [RawBody("multipart/form-data")]
    [Returns(200, typeof(FileReport))]
    [Returns(202, typeof(ImportJobDetail))]
    [Problems("file_refused", "payload_too_large", "unsupported_media_type", "invalid")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/leads/import")] HttpRequest request) =>
        pipeline.RunAsync<ImportLeads>(request, ImportAsync);

    private async Task<IResult> ImportAsync(Call call)
    {
        var (form, problem) = await UploadForm.ReadAsync(call, "campaign_id", "mapping", "update_existing", "dry_run");
        if (form is null)
        {
            return problem!;
        }
        await using (form)
        {
            var errors = new InputErrors();
            var input = new CreateJobRequest
            {
                DataSourceId = Guid.CreateVersion7(call.Now),
                CampaignId = form.Id("campaign_id", errors),
                UpdateExisting = form.Flag("update_existing", errors),
                Mapping = form.Mapping(errors) is { } mapping ? JsonSerializer.SerializeToElement(mapping) : null,
                Start = true,
            };
            var isDryRun = form.Flag("dry_run", errors);
            if (input.CampaignId is null && !errors.Any)
            {
                errors.Add("campaign_id", "is required");
            }
            var place = errors.Any ? null : await CreateJob.PlaceAsync(call, call.Read(), input, source: null, errors);
            if (place is null || errors.Any)
            {
                return Problems.InvalidInput(errors);
            }
            await using var stored = UploadForm.CreateTemporary();
            var (report, refused) = await uploads.ReadAsync(
                form, stored, SourceInput.NoConfig, input.ToParameters().Mapping, call.CancellationToken);
            if (report is null)
            {
                return refused!;
            }
            if (isDryRun)
            {
                return ApiResults.Ok(FileReport.Of(report, form.FileName, form.File.Length));
            }
            if (!report.CanIdentify)
            {
                return Problems.RefusedFile(
                    "No column tells people apart: map one to email, linkedin_url or external_id, or two to a name and company.");
            }
            var source = new DataSource
            {
                Id = input.DataSourceId,
                OrganizationId = place.OrganizationId,
                AgencyId = call.Caller.AgencyId ?? place.AgencyId,
                Name = form.FileName,
                Type = "csv",
                Config = SourceInput.NoConfig,
                CreatedBy = call.Caller.UserId,
                CreatedAt = call.Now.UtcDateTime,
                UpdatedAt = call.Now.UtcDateTime,
            };
            var file = FileUploads.Describe(call, source.OrganizationId, source.Id, source.AgencyId, form, report);
            return await uploads.StoreAsync(
                file, stored, report.Facts, () => AddAsync(call, source, file, input, place.AgencyId, place.ClientId),
                call.CancellationToken);
        }
    }

    private async Task<IResult> AddAsync(
        Call call, DataSource source, NewSourceFile file, CreateJobRequest input, Guid? agencyId, Guid? clientId)
    {
        await using var session = await call.WriteAsync();
        await DataSources.AddAsync(session, source, credentialsSealed: null, call.CancellationToken);
        await SourceFiles.AddAsync(session, file, call.CancellationToken);
        var job = new NewImportJob
        {
            Id = Guid.CreateVersion7(call.Now),
            OrganizationId = source.OrganizationId,
            DataSourceId = source.Id,
            CampaignId = input.CampaignId,
            AgencyId = agencyId,
            ClientId = clientId,
            Name = source.Name,
            Parameters = input.ToParameters().ToJson(),
            CreatedBy = call.Caller.UserId,
            CreatedAt = call.Now.UtcDateTime,
        };
        await ImportJobs.AddAsync(session, job, call.CancellationToken);
        await ImportJobs.StartAsync(session, job.Id, call.Caller.UserId, call.Now.UtcDateTime, call.CancellationToken);
        await AuditAsync(call, session, source.Id, job.Id);
        var added = (await ImportJobs.FindAsync(session, job.Id, call.CancellationToken))!;
        await session.CommitAsync();
        signal.Raise();
        return ApiResults.Accepted(added, "The import has been started.");
    }

    private static async Task AuditAsync(Call call, DatabaseSession session, Guid sourceId, Guid jobId)
    {
        var source = (await DataSources.FindAsync(session, sourceId, call.CancellationToken))!;
        await call.AuditAsync(
            session, "data_source.created", "data_source", source.Id, source.OrganizationId, AuditedChanges.Created(source));
        var job = (await ImportJobs.FindAsync(session, jobId, call.CancellationToken))!;
        await call.AuditAsync(
            session, "import_job.created", "import_job", job.Id, job.OrganizationId, AuditedChanges.Created<ImportJob>(job));
    }
}
