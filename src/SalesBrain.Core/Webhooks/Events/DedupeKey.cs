using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Webhooks.Events;

/// <summary>
/// The key that is equal for repeated deliveries of one event: 32 bytes, or null if duplicates cannot be recognized. Any change here makes
/// every redelivery within 35 days a new event, so add a new <see cref="Version"/> only for a good reason.
/// </summary>
public static class DedupeKey
{
    private const byte Version = 1;

    /// <summary>The maximum length of every text, at three bytes per code unit, plus room for the structure.</summary>
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
    /// The normalized e-mail address. If the event has none, another value that identifies the person or sending account, because many
    /// senders' timestamps have only whole seconds.
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
