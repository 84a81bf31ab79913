using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Net.Http.Headers;

namespace SalesBrain.Functions.Http.Binding;

/// <summary>Reads the raw body of a request, up to a limit.</summary>
public static class RequestBody
{
    /// <summary>1 MiB, the limit of every body unless its endpoint says otherwise.</summary>
    public const int DefaultLimit = 1024 * 1024;

    /// <summary>
    /// The bytes, or null if there are more than <paramref name="limit"/>. The part of a longer body that was read is passed to
    /// <paramref name="head"/>.
    /// </summary>
    public static async Task<byte[]?> ReadAsync(
        HttpRequest request, int limit, CancellationToken cancellationToken, Action<byte[]>? head = null)
    {
        var reader = request.BodyReader;
        while (true)
        {
            ReadResult result;
            try
            {
                result = await reader.ReadAsync(cancellationToken);
            }
            catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
            {
                return null;
            }
            if (result.Buffer.Length > limit)
            {
                head?.Invoke(result.Buffer.Slice(0, limit).ToArray());
                reader.AdvanceTo(result.Buffer.End);
                return null;
            }
            if (result.IsCompleted)
            {
                var bytes = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return bytes;
            }
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>Whether the request says its body is JSON.</summary>
    internal static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        && (type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && !IsEncoded(request);

    internal static bool IsForm(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
        && !IsEncoded(request);

    private static bool IsEncoded(HttpRequest request) =>
        request.Headers.ContentEncoding is { Count: > 0 } encoding
            && !encoding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase);
}
