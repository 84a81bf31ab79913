using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;

namespace SalesBrain.Core.Whatsapp.Receiving;

/// <summary>
/// Splits a delivery of Meta into its parts, which may be of several organizations. A part is one message, one status, or what else a
/// change has, with all that processing it needs.
/// </summary>
public static class WhatsappDelivery
{
    /// <summary>Longest id that is read, in characters. Ids are opaque.</summary>
    internal const int MaxId = 512;

    /// <summary>Longest id of a person, a phone number or an account.</summary>
    internal const int MaxPeerId = 128;

    private static readonly JsonDocumentOptions Parsing = new() { MaxDepth = 64, AllowDuplicateProperties = true };

    /// <summary>The parts in their order; null if the body is no JSON object.</summary>
    public static List<WhatsappPart>? Read(ReadOnlyMemory<byte> body)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, Parsing);
        }
        catch (JsonException)
        {
            return null;
        }
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }
            var parts = new List<WhatsappPart>();
            var writer = new PartWriter();
            foreach (var entry in Elements(document.RootElement, "entry"))
            {
                var wabaId = Id(entry, "id", MaxPeerId);
                foreach (var change in Elements(entry, "changes"))
                {
                    AddChange(parts, writer, wabaId, change);
                }
            }
            return parts;
        }
    }

    private static void AddChange(List<WhatsappPart> parts, PartWriter writer, string? wabaId, JsonElement change)
    {
        var value = Member(change, "value");
        var metadata = Member(value, "metadata");
        var number = Id(metadata, "phone_number_id", MaxPeerId);
        var isMessages = PayloadText.Whole(Member(change, "field"), MaxId) == "messages" && number is not null;
        var known = 0;
        if (isMessages)
        {
            foreach (var message in Elements(value, "messages"))
            {
                known++;
                parts.Add(Id(message, "id") is { } id && Id(message, "from", MaxPeerId) is { } from
                    ? new(wabaId, number, WhatsappEventTypes.Message, WhatsappKeys.OfMessage(id), DedupeKey.ContentLifetime, TimeOf(message),
                        writer.Write(wabaId, metadata, "contact", ContactOf(value, from), "message", message))
                    : Other(writer.Write(wabaId, metadata, "contact", default, "message", message)));
            }
            foreach (var status in Elements(value, "statuses"))
            {
                known++;
                parts.Add(Id(status, "id") is { } id && Id(status, "status") is { } state
                    ? new(wabaId, number, WhatsappEventTypes.Status, WhatsappKeys.OfStatus(id, state, Id(status, "recipient_id")), DedupeKey.ContentLifetime,
                        TimeOf(status), writer.Write(wabaId, metadata, "contact", default, "status", status))
                    : Other(writer.Write(wabaId, metadata, "contact", default, "status", status)));
            }
        }
        if (known == 0)
        {
            parts.Add(Other(writer.Write(wabaId, metadata, "contact", default, "change", change)));
        }

        WhatsappPart Other(byte[] json) =>
            new(wabaId, number, WhatsappEventTypes.Other, WhatsappKeys.OfBytes(json), DedupeKey.BytesLifetime, null, json);
    }

    /// <summary>What the delivery says about a person.</summary>
    private static JsonElement ContactOf(JsonElement value, string from)
    {
        JsonElement only = default;
        var count = 0;
        foreach (var contact in Elements(value, "contacts"))
        {
            if (Id(contact, "wa_id", MaxPeerId) == from)
            {
                return contact;
            }
            only = contact;
            count++;
        }
        return count == 1 ? only : default;
    }

    /// <summary>The vendor's time, if it is one. Seconds since 1970, as text.</summary>
    internal static DateTime? TimeOf(JsonElement item) => EventTimestamps.Read(Member(item, "timestamp"));

    /// <summary>The text of a member that identifies something; null if it is missing or too long.</summary>
    internal static string? Id(JsonElement item, string name, int limit = MaxId) => PayloadText.Whole(Member(item, name), limit);

    /// <summary>
    /// The member of an object, the last one of that name; undefined if it is missing, or the value is no object. Unlike
    /// <c>TryGetProperty</c> it does not throw for names with half a surrogate pair.
    /// </summary>
    internal static JsonElement Member(JsonElement item, string name)
    {
        JsonElement found = default;
        if (item.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in item.EnumerateObject())
            {
                var raw = JsonMarshal.GetRawUtf8PropertyName(member);
                if (raw.Contains((byte)'\\') ? PayloadText.Name(raw, MaxId) == name : Ascii.Equals(raw, name))
                {
                    found = member.Value;
                }
            }
        }
        return found;
    }

    /// <summary>The objects of an array; none if the member is no array.</summary>
    internal static IEnumerable<JsonElement> Elements(JsonElement item, string name) =>
        Member(item, name) is { ValueKind: JsonValueKind.Array } array
            ? array.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object)
            : [];

    /// <summary>Writes parts. What the delivery holds is copied as it came.</summary>
    private sealed class PartWriter
    {
        private readonly ArrayBufferWriter<byte> _buffer = new(1024);

        public byte[] Write(string? wabaId, JsonElement metadata, string contactName, JsonElement contact, string name, JsonElement item)
        {
            _buffer.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true }))
            {
                json.WriteStartObject();
                json.WriteString("waba_id", wabaId);
                Copy(json, "metadata", metadata);
                Copy(json, contactName, contact);
                Copy(json, name, item);
                json.WriteEndObject();
            }
            return _buffer.WrittenSpan.ToArray();
        }

        private static void Copy(Utf8JsonWriter json, string name, JsonElement value)
        {
            if (value.ValueKind != JsonValueKind.Undefined)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
            }
        }
    }
}

/// <summary>A part of a delivery.</summary>
/// <param name="WabaId">The account that the delivery names.</param>
/// <param name="PhoneNumberId">The number that it names; null if it is about the account.</param>
/// <param name="EventType">One of <see cref="WhatsappEventTypes"/>.</param>
/// <param name="Key">What a repeated delivery of the part shares.</param>
/// <param name="KeyLifetime">How long the key counts.</param>
/// <param name="At">The vendor's time; null if there is none.</param>
/// <param name="Json">What is stored and processed.</param>
public sealed record WhatsappPart(
    string? WabaId, string? PhoneNumberId, string EventType, byte[] Key, TimeSpan KeyLifetime, DateTime? At, byte[] Json);
