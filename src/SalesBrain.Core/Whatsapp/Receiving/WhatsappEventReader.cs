using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Receiving;

namespace SalesBrain.Core.Whatsapp.Receiving;

/// <summary>
/// Reads a stored part of a delivery (<see cref="WhatsappDelivery"/>) as an event. Never throws for what a vendor or a person writes.
/// </summary>
public static class WhatsappEventReader
{
    private const int MaxText = 65_536;
    private const int MaxPreview = 200;
    private const int MaxName = 200;
    private const int MaxType = 64;
    private const int MaxLabel = 1000;

    /// <summary>Nothing can be delivered to the person.</summary>
    private const int Undeliverable = 131026;

    private static readonly HashSet<string> Statuses = new(StringComparer.Ordinal) { "sent", "delivered", "read", "failed" };

    /// <summary>Members of a message that have a column of their own.</summary>
    private static readonly HashSet<string> OwnColumns = new(StringComparer.Ordinal) { "id", "from", "timestamp", "type", "text" };

    /// <summary>
    /// The event; null if it has no effect, such as a status of another kind. Throws <see cref="JsonException"/> if it is no JSON.
    /// </summary>
    /// <param name="part">The stored part.</param>
    /// <param name="receivedAt">When it was received: what happened in the future happened then.</param>
    public static WhatsappEvent? Read(ReadOnlyMemory<byte> part, DateTime receivedAt)
    {
        using var document = JsonDocument.Parse(part, new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = true });
        var root = document.RootElement;
        if (WhatsappDelivery.Member(root, "message") is { ValueKind: JsonValueKind.Object } message)
        {
            return ReadMessage(message, WhatsappDelivery.Member(root, "contact"), receivedAt);
        }
        return WhatsappDelivery.Member(root, "status") is { ValueKind: JsonValueKind.Object } status
            ? ReadStatus(status, receivedAt)
            : null;
    }

    private static WhatsappEvent? ReadMessage(JsonElement message, JsonElement contact, DateTime receivedAt)
    {
        if (WhatsappDelivery.Id(message, "id") is not { } id
            || WhatsappDelivery.Id(message, "from", WhatsappDelivery.MaxPeerId) is not { } from)
        {
            return null;
        }
        var type = PayloadText.Cut(WhatsappDelivery.Member(message, "type"), MaxType) ?? "unknown";
        var content = WhatsappDelivery.Member(message, type);
        var text = TextOf(type, content);
        var newPeer = type == "system" ? NewPeerOf(content) : null;
        return new WhatsappEvent
        {
            Kind = newPeer is null ? WhatsappEvent.Message : WhatsappEvent.NumberChanged,
            OccurredAt = TimeOf(message, receivedAt),
            Wamid = id,
            PeerId = from,
            PeerName = PayloadText.Cut(WhatsappDelivery.Member(WhatsappDelivery.Member(contact, "profile"), "name"), MaxName),
            NewPeerId = newPeer,
            Type = type,
            Text = text,
            Preview = Preview(text ?? LabelOf(type)),
            Payload = PayloadOf(message, type),
            ReplyToWamid = WhatsappDelivery.Id(WhatsappDelivery.Member(message, "context"), "id")
                ?? (type == "reaction" ? WhatsappDelivery.Id(content, "message_id") : null),
            IsNews = type is not ("reaction" or "system"),
            Details = new WhatsappActivityDetails("whatsapp", type),
        };
    }

    private static WhatsappEvent? ReadStatus(JsonElement status, DateTime receivedAt)
    {
        if (WhatsappDelivery.Id(status, "id") is not { } id || WhatsappDelivery.Id(status, "status") is not { } state
            || !Statuses.Contains(state))
        {
            return null;
        }
        var error = state == "failed" ? WhatsappDelivery.Elements(status, "errors").FirstOrDefault() : default;
        var code = PayloadText.Integer(WhatsappDelivery.Member(error, "code"));
        var ours = Guid.TryParse(WhatsappDelivery.Id(status, "biz_opaque_callback_data"), out var callback) ? callback : (Guid?)null;
        return new WhatsappEvent
        {
            Kind = WhatsappEvent.MessageStatus,
            OccurredAt = TimeOf(status, receivedAt),
            Wamid = id,
            PeerId = WhatsappDelivery.Id(status, "recipient_id", WhatsappDelivery.MaxPeerId),
            Status = state,
            ErrorCode = state == "failed" ? code?.ToString(CultureInfo.InvariantCulture) ?? "unknown" : null,
            ErrorMessage = state != "failed" ? null
                : code is { } known ? WhatsappErrors.Of(known).Sentence : "WhatsApp could not deliver the message, and did not say why.",
            IsUndeliverable = code == Undeliverable ? true : null,
            CallbackId = ours,
            CallbackCreatedAt = ours is { } ourId ? WebhookLogIds.CreatedAt(ourId) : null,
        };
    }

    private static DateTime TimeOf(JsonElement item, DateTime receivedAt) =>
        WhatsappDelivery.TimeOf(item) is { } at && at >= EventTimestamps.Earliest && at <= receivedAt + EventTimestamps.ClockTolerance
            ? at
            : receivedAt;

    /// <summary>The new id of a person whose number has changed; null for another system message.</summary>
    private static string? NewPeerOf(JsonElement system) =>
        PayloadText.Whole(WhatsappDelivery.Member(system, "type"), MaxType) is "user_changed_number" or "customer_changed_number"
            ? WhatsappDelivery.Id(system, "wa_id", WhatsappDelivery.MaxPeerId)
                ?? WhatsappDelivery.Id(system, "new_wa_id", WhatsappDelivery.MaxPeerId)
            : null;

    /// <summary>What a person reads as the message; null if it has no words.</summary>
    private static string? TextOf(string type, JsonElement content) => type switch
    {
        "text" or "system" => Text(content, "body"),
        "button" => Text(content, "text") ?? Text(content, "payload"),
        "interactive" => Text(WhatsappDelivery.Member(content, "button_reply"), "title") ?? Text(WhatsappDelivery.Member(content, "list_reply"), "title")
            ?? Text(WhatsappDelivery.Member(content, "nfm_reply"), "body"),
        "reaction" => Text(content, "emoji"),
        "location" => Join(Text(content, "name"), Text(content, "address")),
        "contacts" => content.ValueKind == JsonValueKind.Array
            ? Join([.. content.EnumerateArray().Take(20).Select(one => Text(WhatsappDelivery.Member(one, "name"), "formatted_name"))])
            : null,
        "order" => Text(content, "text"),
        _ => Text(content, "caption"),
    };

    private static string? Text(JsonElement item, string name) => PayloadText.Cut(WhatsappDelivery.Member(item, name), MaxText);

    private static string? Join(params ReadOnlySpan<string?> texts)
    {
        var joined = string.Join(", ", texts.ToArray().Where(text => text is not null));
        return joined.Length == 0 ? null : joined.Length > MaxLabel ? joined[..MaxLabel] : joined;
    }

    /// <summary>What stands for a message without words.</summary>
    private static string LabelOf(string type) => type switch
    {
        "image" => "Image",
        "video" => "Video",
        "audio" or "voice" => "Audio",
        "document" => "Document",
        "sticker" => "Sticker",
        "location" => "Location",
        "contacts" => "Contact",
        "order" => "Order",
        "reaction" => "Reaction withdrawn",
        "unsupported" => "Message of a type that WhatsApp does not pass on",
        _ => $"Message of the type {type}",
    };

    private static string Preview(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, 60, StringSplitOptions.RemoveEmptyEntries));
        // Not half a surrogate pair.
        return line.Length <= MaxPreview ? line : line[..(char.IsHighSurrogate(line[MaxPreview - 1]) ? MaxPreview - 1 : MaxPreview)];
    }

    /// <summary>The rest of the message, with characters that PostgreSQL cannot store replaced.</summary>
    private static JsonElement PayloadOf(JsonElement message, string type)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var member in message.EnumerateObject())
            {
                var name = PayloadText.Name(JsonMarshal.GetRawUtf8PropertyName(member), MaxLabel);
                if (name is not null && seen.Add(name) && !(OwnColumns.Contains(name) && (name != "text" || type == "text")))
                {
                    json.WritePropertyName(name);
                    Write(json, member.Value);
                }
            }
            json.WriteEndObject();
        }
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                var seen = new HashSet<string>(StringComparer.Ordinal);
                foreach (var member in value.EnumerateObject())
                {
                    if (PayloadText.Name(JsonMarshal.GetRawUtf8PropertyName(member), MaxLabel) is { } name && seen.Add(name))
                    {
                        json.WritePropertyName(name);
                        Write(json, member.Value);
                    }
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                {
                    Write(json, element);
                }
                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(PayloadText.Name(JsonMarshal.GetRawUtf8Value(value)[1..^1], MaxText));
                break;
            case JsonValueKind.Number:
                // What jsonb cannot hold as a number stays as a text.
                var raw = JsonMarshal.GetRawUtf8Value(value);
                if (value.TryGetDecimal(out _))
                {
                    json.WriteRawValue(raw);
                }
                else
                {
                    json.WriteStringValue(raw);
                }
                break;
            default:
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }
}
