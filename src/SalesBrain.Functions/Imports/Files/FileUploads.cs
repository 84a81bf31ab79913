using System.Text.Json;
using SalesBrain.Data.Imports.Files;
using SalesBrain.Integrations;
using SalesBrain.Integrations.Csv;
using SalesBrain.Integrations.Files;

namespace SalesBrain.Functions.Imports.Files;

/// <summary>Reads uploaded files and stores them.</summary>
public sealed class FileUploads(IFileStore files, ISourceAdapters adapters)
{
    /// <summary>
    /// Reads the form's file: what it holds, and its text in UTF-8 in <paramref name="stored"/>. A file that cannot be read, or a mapping
    /// that is not one, is the problem.
    /// </summary>
    internal async Task<(CsvReport? Report, Problem? Problem)> ReadAsync(
        UploadForm form, Stream stored, JsonElement config, IReadOnlyDictionary<string, string>? mapping, CancellationToken cancellationToken)
    {
        var errors = new InputErrors();
        foreach (var problem in adapters.CheckRequest(SourceType.Csv, config, new SourceRequest(Mapping: mapping)))
        {
            errors.Add(problem.Field, problem.Message);
        }
        if (errors.Any)
        {
            return (null, Problems.InvalidInput(errors));
        }
        try
        {
            return (await CsvIntake.ReadAsync(form.File, stored, config, mapping, cancellationToken), null);
        }
        catch (CsvRefusedException e)
        {
            return (null, Problems.RefusedFile(e.Message));
        }
    }

    /// <summary>
    /// Stores a file's content and then, with <paramref name="add"/>, its row. If that fails or is a problem, the content is deleted again.
    /// </summary>
    internal async Task<IResult> StoreAsync(
        NewSourceFile file, Stream content, FileFacts facts, Func<Task<IResult>> add, CancellationToken cancellationToken)
    {
        await files.CreateAsync(file.OrganizationId, file.Id, content, facts, cancellationToken);
        try
        {
            var result = await add();
            if (result is Problem)
            {
                await files.DeleteAsync(file.OrganizationId, file.Id, CancellationToken.None);
            }
            return result;
        }
        catch
        {
            await files.DeleteAsync(file.OrganizationId, file.Id, CancellationToken.None);
            throw;
        }
    }

    internal static NewSourceFile Describe(Call call, Guid organizationId, Guid dataSourceId, Guid? agencyId, UploadForm form, CsvReport report) => new()
    {
        Id = Guid.CreateVersion7(call.Now),
        OrganizationId = organizationId,
        DataSourceId = dataSourceId,
        AgencyId = agencyId,
        Name = form.FileName,
        SizeBytes = form.File.Length,
        Rows = report.Rows,
        Sha256 = report.Facts.Sha256,
        CreatedBy = call.Caller.UserId,
        CreatedAt = call.Now.UtcDateTime,
    };
}
