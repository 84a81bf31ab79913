using System.Buffers.Text;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace SalesBrain.Functions.Documentation;

/// <summary>A file of the API documentation, kept in memory plain and compressed; it changes only with the build.</summary>
internal sealed class DocumentationFile
{
    private readonly string _contentType;
    private readonly byte[] _plain;
    private readonly byte[] _gzip;
    private readonly string _hash;

    private DocumentationFile(string contentType, byte[] plain, byte[] gzip)
    {
        _contentType = contentType;
        _plain = plain;
        _gzip = gzip;
        _hash = Base64Url.EncodeToString(SHA256.HashData(plain).AsSpan(0, 12));
    }

    /// <summary>A file of our own, embedded as it is.</summary>
    internal static DocumentationFile Embedded(string resource, string contentType)
    {
        var plain = Read(typeof(DocumentationFile).Assembly, resource);
        using var gzip = new MemoryStream();
        using (var compress = new GZipStream(gzip, CompressionLevel.Optimal))
        {
            compress.Write(plain);
        }
        return new DocumentationFile(contentType, plain, gzip.ToArray());
    }

    /// <summary>A file that an assembly embeds compressed with gzip.</summary>
    internal static DocumentationFile EmbeddedCompressed(Assembly assembly, string resource, string contentType)
    {
        var gzip = Read(assembly, resource);
        using var plain = new MemoryStream();
        using (var decompress = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress))
        {
            decompress.CopyTo(plain);
        }
        return new DocumentationFile(contentType, plain.ToArray(), gzip);
    }

    /// <summary>200 with the file, or 304 where the caller has it already.</summary>
    internal IResult Answer(Call call)
    {
        var compressed = AcceptsGzip(call.Request);
        // Each representation has a tag of its own (RFC 9110, section 8.8.3.3).
        var etag = compressed ? $"\"{_hash}-gzip\"" : $"\"{_hash}\"";
        var headers = call.Request.HttpContext.Response.Headers;
        // A copy may be kept, but is asked about before it is used: a new build shows at once.
        headers.CacheControl = "no-cache";
        headers.Vary = "Accept-Encoding";
        if (compressed)
        {
            headers.ContentEncoding = "gzip";
        }
        return Results.Bytes(compressed ? _gzip : _plain, _contentType, entityTag: new EntityTagHeaderValue(etag));
    }

    private static bool AcceptsGzip(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var encodings)
        && encodings.Any(encoding => encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && encoding.Quality != 0);

    private static byte[] Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not embedded in {assembly.GetName().Name}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
