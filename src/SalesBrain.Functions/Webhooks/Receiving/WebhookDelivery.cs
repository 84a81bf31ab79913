using System.Text.Json;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Webhooks.Receiving.Bodies;
using SalesBrain.Core.Webhooks.Receiving.Verification;

namespace SalesBrain.Functions.Webhooks.Receiving;

/// <summary>
/// A delivery as it came. Its bytes are parsed at most once, by <see cref="Read"/>, which is called after verifying them.
/// </summary>
internal sealed class WebhookDelivery(Call call, byte[] bytes, bool isTooLarge) : IDisposable
{
    /// <summary>Longest content type kept, in characters. RFC 6838 allows 255 for the type itself.</summary>
    private const int MaxContentType = 255;

    private WebhookBody? _body;

    public Call Call => call;

    /// <summary>The raw body; if it is too large, only its beginning.</summary>
    public byte[] Bytes => bytes;

    public bool IsTooLarge => isTooLarge;

    /// <summary>Bytes that were sent, as far as is known.</summary>
    public long Size => isTooLarge ? Math.Max(call.Request.ContentLength ?? 0, bytes.Length + 1L) : bytes.Length;

    /// <summary>The events of the body, after <see cref="Read"/> and until the delivery is disposed of.</summary>
    public IReadOnlyList<WebhookBodyElement> Elements => _body!.Elements;

    /// <summary>Whether the body is an array, after <see cref="Read"/>.</summary>
    public bool IsArray => _body!.IsArray;

    /// <summary>
    /// The content type to keep, by which the bytes are read again. It is stored with each event, so a long one is kept without its
    /// parameters, and one that is still too long is not kept.
    /// </summary>
    public string? ContentType
    {
        get
        {
            if (call.Request.ContentType is not { } type)
            {
                return null;
            }
            var kept = HeaderRedaction.Storable(type);
            var end = kept.Length > MaxContentType ? kept.IndexOf(';', StringComparison.Ordinal) : kept.Length;
            return end is >= 0 and <= MaxContentType ? kept[..end].TrimEnd() : null;
        }
    }

    /// <summary>A request header's value; null if it is missing.</summary>
    public string? Header(string name) => call.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>The headers to keep, as JSON without secrets.</summary>
    public string KeptHeaders(WebhookAuthentication authentication) =>
        JsonSerializer.Serialize(HeaderRedaction.Keep(call.Request.Headers, authentication));

    /// <summary>Why the body cannot be read as events; null if <see cref="Elements"/> are there.</summary>
    public WebhookRefusal? Read()
    {
        if (_body is not null)
        {
            return null;
        }
        WebhookBody.TryRead(bytes, call.Request.ContentType, call.Request.Headers.ContentEncoding, out _body, out var refusal);
        return refusal;
    }

    public void Dispose() => _body?.Dispose();
}
