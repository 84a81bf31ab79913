using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using SalesBrain.Core.Values;
using SalesBrain.Integrations.Csv;

namespace SalesBrain.Functions.Imports.Files;

/// <summary>A form with one file. The file is read as a stream into a temporary file, which is gone when the form is disposed.</summary>
internal sealed class UploadForm : IAsyncDisposable
{
    private const string FileField = "file";
    private const int MaxFields = 20;
    private const int MaxFieldBytes = 64 * 1024;
    private const int MaxBoundary = 70;

    /// <summary>What the form's parts need beside the file.</summary>
    private const int Overhead = 1024 * 1024 + MaxFields * MaxFieldBytes;

    private static readonly Problem NotAForm = Problems.UnsupportedMediaType.Because(
        "Send the body as multipart/form-data with the part file, without compression.");
    private static readonly Problem Malformed = Problems.InvalidMember("file", "must be in a complete multipart form");

    private UploadForm(FileStream file) => File = file;

    internal FileStream File { get; }

    /// <summary>The file's name without folders.</summary>
    internal string FileName { get; private set; } = "file.csv";

    /// <summary>The other fields by name, in snake_case.</summary>
    internal Dictionary<string, string> Fields { get; } = new(StringComparer.Ordinal);

    public ValueTask DisposeAsync() => File.DisposeAsync();

    /// <summary>The form, or the problem with it. Unknown fields are a problem.</summary>
    internal static async Task<(UploadForm? Form, Problem? Problem)> ReadAsync(Call call, params string[] known)
    {
        var request = call.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= MaxBoundary } boundary || request.Headers.ContentEncoding.Count > 0)
        {
            return (null, NotAForm);
        }
        if (request.ContentLength > CsvIntake.MaxBytes + Overhead)
        {
            return (null, Problems.PayloadTooLarge);
        }
        // The servers of both hosts take 30 MB otherwise.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = CsvIntake.MaxBytes + Overhead;
        }
        var form = new UploadForm(CreateTemporary());
        try
        {
            if (await form.FillAsync(new MultipartReader(boundary.ToString(), request.Body), known, call.CancellationToken) is { } problem)
            {
                await form.DisposeAsync();
                return (null, problem);
            }
            return (form, null);
        }
        catch (Exception e) when (e is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            await form.DisposeAsync();
            return (null, Malformed);
        }
        catch
        {
            await form.DisposeAsync();
            throw;
        }
    }

    /// <summary>An empty file that disappears when it is closed.</summary>
    internal static FileStream CreateTemporary() => new(
        Path.Combine(Path.GetTempPath(), $"salesbrain-{Guid.NewGuid():N}"),
        new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 64 * 1024,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });

    private async Task<Problem?> FillAsync(MultipartReader reader, string[] known, CancellationToken cancellationToken)
    {
        var (errors, hasFile, parts) = (new InputErrors(), false, 0);
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } part)
        {
            if (++parts > MaxFields || !ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition)
                || HeaderUtilities.RemoveQuotes(disposition.Name) is not { Length: > 0 and <= 100 } name)
            {
                return Malformed;
            }
            var field = WireNames.Of(name.ToString());
            if (field == FileField)
            {
                if (hasFile)
                {
                    errors.Add(FileField, "must be one file");
                    continue;
                }
                hasFile = true;
                FileName = NameOf(disposition);
                if (!await CopyAsync(part.Body, File, CsvIntake.MaxBytes, cancellationToken))
                {
                    return Problems.PayloadTooLarge;
                }
                continue;
            }
            using var text = new MemoryStream();
            if (!await CopyAsync(part.Body, text, MaxFieldBytes, cancellationToken))
            {
                return Problems.PayloadTooLarge;
            }
            if (!known.Contains(field))
            {
                errors.Add(field, InputBinder.UnknownParameter);
            }
            else if (!Fields.TryAdd(field, Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length)))
            {
                errors.Add(field, "must be sent once");
            }
        }
        if (!hasFile)
        {
            errors.Add(FileField, "is required");
        }
        return errors.Any ? Problems.InvalidInput(errors) : null;
    }

    /// <summary>The field as a UUID; null if it is not there.</summary>
    internal Guid? Id(string field, InputErrors errors)
    {
        if (!Fields.TryGetValue(field, out var text) || text.Length == 0)
        {
            return null;
        }
        if (Guid.TryParseExact(text, "D", out var id))
        {
            return id;
        }
        errors.Add(field, "must be a UUID");
        return null;
    }

    internal bool Flag(string field, InputErrors errors)
    {
        if (!Fields.TryGetValue(field, out var text))
        {
            return false;
        }
        if (text is not ("true" or "false"))
        {
            errors.Add(field, "must be true or false");
        }
        return text == "true";
    }

    /// <summary>The mapping, a JSON object of field by column; null if it is not there.</summary>
    internal Dictionary<string, string>? Mapping(InputErrors errors)
    {
        if (!Fields.TryGetValue("mapping", out var text) || text.Length == 0)
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(text) is { Count: <= 200 } mapping && !mapping.ContainsValue(null!) ? mapping : throw new JsonException();
        }
        catch (JsonException)
        {
            errors.Add("mapping", "must be a JSON object of at most 200 texts: the field by the column's header");
            return null;
        }
    }

    private static async Task<bool> CopyAsync(Stream from, Stream to, long limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var copied = 0L;
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if ((copied += read) > limit)
            {
                return false;
            }
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        return true;
    }

    /// <summary>Browsers send a name, some programs a path.</summary>
    private static string NameOf(ContentDispositionHeaderValue disposition)
    {
        var sent = (HeaderUtilities.RemoveQuotes(disposition.FileNameStar) is { Length: > 0 } star ? star : HeaderUtilities.RemoveQuotes(disposition.FileName)).ToString();
        return NameText.Clean(sent[(sent.LastIndexOfAny(['/', '\\']) + 1)..], 200) ?? "file.csv";
    }
}
