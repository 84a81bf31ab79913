namespace SalesBrain.Functions.Http.Exports;

/// <summary>A file that is written while its rows are read, or 429 if too many are written at the moment.</summary>
public sealed class ExportResult(
    ExportLimits limits, Guid? organizationId, string contentType, string fileName, Func<Stream, CancellationToken, Task> write) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var export = limits.TryBegin(organizationId);
        if (export is null)
        {
            await Problems.TooManyExports.ExecuteAsync(httpContext);
            return;
        }
        httpContext.Response.ContentType = contentType;
        httpContext.Response.Headers.ContentDisposition = $"attachment; filename={fileName}";
        await write(httpContext.Response.Body, httpContext.RequestAborted);
    }
}
