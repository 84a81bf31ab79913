using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace SalesBrain.Integrations.Outbound;

/// <summary>A response of a source, read completely.</summary>
internal sealed record OutboundResponse(Uri Url, HttpStatusCode Status, HttpResponseHeaders Headers, byte[] Body, TimeSpan? RetryAfter)
{
    /// <summary>Nesting of JSON that is read.</summary>
    private const int MaxDepth = 64;

    internal bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The body as JSON; null if it is none.</summary>
    internal JsonElement? TryReadJson()
    {
        try
        {
            var reader = new Utf8JsonReader(
                Body.AsSpan().StartsWith("\uFEFF"u8) ? Body.AsSpan(3) : Body,
                new JsonReaderOptions { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Disallow });
            var json = JsonElement.ParseValue(ref reader);
            while (reader.Read())
            {
                // Trailing data throws.
            }
            return json;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The body as JSON.</summary>
    /// <exception cref="SourceException"><c>schema</c>: the body is no JSON.</exception>
    internal JsonElement ReadJson() =>
        TryReadJson() ?? throw new SourceException(SourceErrors.Schema, "The source's response is not JSON.");

    /// <summary>A header's first value as a whole number.</summary>
    internal long? Number(string header) =>
        Headers.TryGetValues(header, out var values) && long.TryParse(values.First(), out var number) ? number : null;
}
