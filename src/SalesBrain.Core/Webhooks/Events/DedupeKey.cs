using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Webhooks.Events;

/// <summary>
/// The key that repeated deliveries of one event share: 32 bytes, and how long it counts. Different content never has the same key, and
/// what was verified never shares a key with what was not. Any change here makes every redelivery within 35 days a new event, so add a new
/// <see cref="Version"/> only for a good reason.
/// </summary>
public readonly record struct DedupeKey(byte[] Value, TimeSpan Lifetime)
{
    /// <summary>How long an event is recognized by its content with its time, or with its sender's id.</summary>
    public static readonly TimeSpan ContentLifetime = TimeSpan.FromDays(35);

    /// <summary>How long an event without a believed time and without an id is recognized by its exact bytes.</summary>
    public static readonly TimeSpan BytesLifetime = TimeSpan.FromMinutes(10);

    private const byte Version = 2;

    private enum Kind : byte
    {
        /// <summary>The fields of the event, with its time.</summary>
        Content = 1,

        /// <summary>The exact bytes at one endpoint: without a believed time, fields tell too little.</summary>
        Bytes = 2,

        /// <summary>An id, to notice that a sender uses it for several events.</summary>
        Id = 3,
    }

    /// <param name="webhookEvent">The event.</param>
    /// <param name="context">How it was delivered.</param>
    /// <param name="body">The event's exact bytes: the body, or its element of the array.</param>
    /// <param name="receivedAt">UTC.</param>
    public static DedupeKey Of(WebhookEvent webhookEvent, DedupeContext context, ReadOnlySpan<byte> body, DateTime receivedAt)
    {
        var deliveryId = SenderIds.Clean(context.DeliveryId);
        var eventId = SenderIds.Clean(webhookEvent.SenderEventId);
        var believedAt = webhookEvent.BelievedAt(receivedAt);
        var buffer = new Buffer(stackalloc byte[Buffer.Size], believedAt is null ? Kind.Bytes : Kind.Content, context.IsVerified);
        if (believedAt is not { } at)
        {
            var id = deliveryId ?? (eventId is null ? context.StandInId : null);
            buffer.Text(id);
            buffer.Id(context.EndpointId);
            buffer.Text(webhookEvent.Source);
            buffer.Bytes(body);
            return new DedupeKey(buffer.Hash(), id is null && eventId is null ? BytesLifetime : ContentLifetime);
        }
        // An id never makes equal what its content tells apart; it only tells apart what is equal.
        buffer.Text(deliveryId);
        buffer.Text(eventId);
        buffer.Text(webhookEvent.Source);
        buffer.Text(webhookEvent.EventType);
        buffer.Text(webhookEvent.Workspace);
        buffer.Text(webhookEvent.CampaignKey);
        buffer.Text(Who(webhookEvent));
        buffer.Text(webhookEvent.EmailId);
        buffer.Number(webhookEvent.Step);
        buffer.Number(webhookEvent.Variant);
        buffer.Text(webhookEvent.LinkUrl);
        if (HasMessage(webhookEvent))
        {
            buffer.Text(Normalize(webhookEvent.Subject));
            buffer.Text(Normalize(webhookEvent.Text ?? webhookEvent.Snippet));
        }
        buffer.Text(webhookEvent.Message);
        // Two labels set at one instant are two events of one type.
        buffer.Text(webhookEvent.Label);
        buffer.Number(at.Ticks / TimeSpan.TicksPerMillisecond);
        return new DedupeKey(buffer.Hash(), ContentLifetime);
    }

    /// <summary>
    /// The key of the id that the delivery carries, and that of the id in the event itself; null without an id or endpoint. Two senders may
    /// number alike, so an id belongs to its endpoint.
    /// </summary>
    public static (byte[]? Delivery, byte[]? Event) OfIds(WebhookEvent webhookEvent, DedupeContext context) =>
        (OfId(context, 'd', context.DeliveryId), OfId(context, 'e', webhookEvent.SenderEventId));

    private static byte[]? OfId(DedupeContext context, char place, string? id)
    {
        if (context.EndpointId is null || SenderIds.Clean(id) is not { } cleaned)
        {
            return null;
        }
        var buffer = new Buffer(stackalloc byte[Buffer.Size], Kind.Id, context.IsVerified);
        buffer.Id(context.EndpointId);
        buffer.Number(place);
        buffer.Text(cleaned);
        return buffer.Hash();
    }

    /// <summary>
    /// The normalized e-mail address. If the event has none, another value that identifies the person or sending account, because many
    /// senders' timestamps have only whole seconds.
    /// </summary>
    private static string? Who(WebhookEvent e) =>
        e.EmailNorm
        ?? (e.InvalidEmail is { } invalid ? Emails.Normalize(invalid) : null)
        ?? (e.Type?.Subject == EventSubject.Account && e.EmailAccount is { } account ? Emails.Normalize(account) : e.LinkedinUrl);

    /// <summary>Whether the texts are the event: a reply's. Of a type that is not known, nobody can say.</summary>
    private static bool HasMessage(WebhookEvent e) => e.Type is null or { Name: "email.replied" or "email.auto_replied" };

    /// <summary>The text in Unicode NFC with single blanks: how a sender wraps lines is not content.</summary>
    private static string? Normalize(string? text) =>
        text is null ? null : string.Join(' ', NormalForms.Nfc(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Each value is preceded by its length, so that no two lists of values give the same bytes.</summary>
    private ref struct Buffer
    {
        private const uint Absent = uint.MaxValue;
        private const uint Hashed = uint.MaxValue - 1;

        /// <summary>Longer texts are written as their hash. In UTF-16 code units.</summary>
        private const int LongestText = 128;

        private const int MaxTexts = 14;

        /// <summary>All texts, at three bytes per code unit, with their lengths, and room for numbers and ids.</summary>
        public const int Size = (MaxTexts * ((LongestText * 3) + sizeof(uint))) + 160;

        private readonly Span<byte> buffer;
        private int length;

        public Buffer(Span<byte> buffer, Kind kind, bool isVerified)
        {
            this.buffer = buffer;
            buffer[0] = Version;
            buffer[1] = (byte)kind;
            buffer[2] = isVerified ? (byte)1 : (byte)0;
            length = 3;
        }

        public void Text(string? value)
        {
            if (value?.Length > LongestText)
            {
                var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(value.Length));
                Bytes(bytes.AsSpan(0, Encoding.UTF8.GetBytes(value, bytes)));
                ArrayPool<byte>.Shared.Return(bytes);
                return;
            }
            var size = value is null ? 0 : Encoding.UTF8.GetBytes(value, buffer[(length + sizeof(uint))..]);
            BinaryPrimitives.WriteUInt32LittleEndian(buffer[length..], value is null ? Absent : (uint)size);
            length += sizeof(uint) + size;
        }

        /// <summary>Bytes of any length.</summary>
        public void Bytes(ReadOnlySpan<byte> value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(buffer[length..], Hashed);
            length += sizeof(uint);
            length += SHA256.HashData(value, buffer[length..]);
        }

        public void Id(Guid? value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(buffer[length..], value is null ? Absent : 16u);
            length += sizeof(uint);
            if (value is { } id)
            {
                id.TryWriteBytes(buffer[length..]);
                length += 16;
            }
        }

        public void Number(long? value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(buffer[length..], value is null ? Absent : sizeof(long));
            length += sizeof(uint);
            if (value is { } number)
            {
                BinaryPrimitives.WriteInt64LittleEndian(buffer[length..], number);
                length += sizeof(long);
            }
        }

        public readonly byte[] Hash() => SHA256.HashData(buffer[..length]);
    }
}

/// <summary>What of a delivery decides about duplicates, beside its events.</summary>
/// <param name="EndpointId">Null for events that came through no endpoint.</param>
/// <param name="IsVerified">Whether a secret or a signature was verified, or a person vouches for the event; false if only the token was
/// right.</param>
/// <param name="DeliveryId">The id in the delivery's headers, where it may be trusted.</param>
/// <param name="StandInId">Identifies the delivery if it has no id and the event neither an id nor a time.</param>
public readonly record struct DedupeContext(Guid? EndpointId, bool IsVerified, string? DeliveryId = null, string? StandInId = null);
