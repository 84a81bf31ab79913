using System.Text;
using System.Text.Json;

namespace SalesBrain.Data.Crm;

/// <summary>A webhook log about a person, and what was received; the payload is null after its retention period.</summary>
public sealed record ExportedWebhook(JsonElement Log, ExportedPayload? Payload);

/// <summary>A rejected delivery that names a person, and what was received; the body may have been cut.</summary>
public sealed record ExportedRejection(JsonElement Rejection, ExportedPayload Payload);

/// <summary>The received bytes, as text if they are UTF-8.</summary>
public sealed record ExportedPayload
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string? ContentType { get; init; }
    public JsonElement? Headers { get; init; }

    /// <summary>Null if the body is not UTF-8.</summary>
    public string? BodyText { get; init; }

    /// <summary>Null if the body is UTF-8.</summary>
    public string? BodyBase64 { get; init; }

    internal static ExportedPayload Of(string? contentType, JsonElement? headers, byte[] body)
    {
        var payload = new ExportedPayload { ContentType = contentType, Headers = headers };
        try
        {
            return payload with { BodyText = StrictUtf8.GetString(body) };
        }
        catch (DecoderFallbackException)
        {
            return payload with { BodyBase64 = Convert.ToBase64String(body) };
        }
    }
}
