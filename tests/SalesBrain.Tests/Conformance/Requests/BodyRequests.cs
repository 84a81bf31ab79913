using System.IO.Compression;
using System.Text;

namespace SalesBrain.Tests.Conformance.Requests;

/// <summary>Bodies that are malformed, of another type, compressed, chunked, too large or missing.</summary>
internal static class BodyRequests
{
    /// <summary>Above the limit of every function.</summary>
    private const int TooLarge = (1 << 20) + (1 << 16);

    internal static IEnumerable<ConformanceRequest> Of(Example example)
    {
        var harmless = example.Harmless;
        if (!harmless.TakesBody)
        {
            yield break;
        }
        var body = harmless.Body ?? "{}"u8.ToArray();
        yield return harmless with { Body = null, Detail = "without a body" };
        yield return harmless with { Body = [], Detail = "with an empty body" };
        yield return harmless.WithText("""{"name": """) with { Detail = "with half a JSON text" };
        yield return harmless.WithText("[1, 2]") with { Detail = "with a JSON array" };
        yield return harmless.WithText("null") with { Detail = "with null" };
        yield return harmless with { Body = [.. "{\""u8, 0xFF, .. "\":1}"u8], Detail = "with a body that is not UTF-8" };
        yield return harmless with { Body = body, ContentType = "text/plain", Detail = "with plain text" };
        yield return harmless with
        {
            Body = Encoding.UTF8.GetBytes($"a=1&b={ConformanceRequest.Unique}"),
            ContentType = "application/x-www-form-urlencoded",
            Detail = "with a form",
        };
        yield return harmless with { Body = body, ContentType = "application/json; charset=utf-16", Detail = "with another charset" };
        yield return harmless with { Body = body, Chunked = true, Detail = "in chunks" };
        yield return harmless.With("compressed", "Content-Encoding", "gzip") with { Body = Compress(body) };
        yield return harmless with { Body = Large(), Detail = "with a body that is too large" };
        yield return harmless with { Body = Large(), Chunked = true, Detail = "with a body that is too large, in chunks" };
    }

    private static byte[] Compress(byte[] body)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }
        return compressed.ToArray();
    }

    private static byte[] Large()
    {
        var body = new byte[TooLarge];
        body.AsSpan().Fill((byte)' ');
        (body[0], body[^1]) = ((byte)'{', (byte)'}');
        return body;
    }
}
