using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Webhooks.Events;

/// <summary>
/// What two deliveries of one event have in common: 32 bytes, or null when there is nothing to tell them from two events.
/// Changing anything here makes every redelivery within 35 days a new event: add a new <see cref="Version"/> only for a good reason.
/// </summary>
public static class DedupeKey
{
    private const byte Version = 1;

    /// <summary>Every text at its longest, three bytes a code unit, and room for what stands around it.</summary>
    private const int LongestContent = ((32 + EventLimits.EventType + (4 * EventLimits.Id) + EventLimits.Url + EventLimits.Name) * 3) + 128;

    private enum Kind : byte
    {
        SenderId = 1,
        Content = 2,
    }

    /// <param name="webhookEvent">The event.</param>
    /// <param name="senderId">The id the delivery carries (<c>webhook-id</c>, else <c>Idempotency-Key</c>); it wins over the content.</param>
    /// <param name="index">The event's place in a delivery that is an array: its elements share the delivery's id.</param>
    public static byte[]? Of(WebhookEvent webhookEvent, string? senderId = null, int index = 0)
    {
        if (!string.IsNullOrWhiteSpace(senderId))
        {
            return OfSenderId(webhookEvent.Source, senderId.Trim(), index);
        }
        if (webhookEvent.Timestamp is not { } timestamp)
        {
            return null;
        }
        var writer = new Writer(stackalloc byte[LongestContent], Kind.Content);
        writer.Text(webhookEvent.Source);
        writer.Text(webhookEvent.EventType);
        writer.Text(webhookEvent.Workspace);
        writer.Text(webhookEvent.CampaignExternalId ?? webhookEvent.CampaignName);
        writer.Text(Who(webhookEvent));
        writer.Text(webhookEvent.EmailId);
        writer.Number(webhookEvent.Step);
        writer.Number(webhookEvent.Variant);
        writer.Number(timestamp.Ticks / TimeSpan.TicksPerMillisecond);
        // Two labels set at one instant are two events of one type.
        writer.Text(webhookEvent.Label);
        return writer.Hash();
    }

    /// <summary>
    /// The normalised e-mail address; where an event carries none, whatever else tells one person or sending account from the next,
    /// because many senders' timestamps are whole seconds.
    /// </summary>
    private static string? Who(WebhookEvent e) =>
        e.EmailNorm
        ?? (e.InvalidEmail is { } invalid ? Emails.Normalize(invalid) : null)
        ?? (e.Type?.Subject == EventSubject.Account && e.EmailAccount is { } account ? Emails.Normalize(account) : e.LinkedinUrl);

    private static byte[] OfSenderId(string source, string senderId, int index)
    {
        var size = 128 + ((source.Length + senderId.Length) * 3);
        var writer = new Writer(size <= LongestContent ? stackalloc byte[LongestContent] : new byte[size], Kind.SenderId);
        writer.Text(source);
        writer.Text(senderId);
        writer.Number(index);
        return writer.Hash();
    }

    /// <summary>Each value is preceded by its length, so that no two lists of values give the same bytes.</summary>
    private ref struct Writer
    {
        private const uint Absent = uint.MaxValue;

        private readonly Span<byte> buffer;
        private int length;

        public Writer(Span<byte> buffer, Kind kind)
        {
            this.buffer = buffer;
            buffer[0] = Version;
            buffer[1] = (byte)kind;
            length = 2;
        }

        public void Text(string? value)
        {
            var size = value is null ? 0 : Encoding.UTF8.GetBytes(value, buffer[(length + sizeof(uint))..]);
            BinaryPrimitives.WriteUInt32LittleEndian(buffer[length..], value is null ? Absent : (uint)size);
            length += sizeof(uint) + size;
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
