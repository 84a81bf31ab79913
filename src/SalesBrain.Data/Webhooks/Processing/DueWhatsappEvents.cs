using System.Text.Json;
using SalesBrain.Core.Values;
using SalesBrain.Core.Whatsapp.Receiving;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Processing;

/// <summary>Writes the effects of claimed events of the source whatsapp.</summary>
public static class DueWhatsappEvents
{
    /// <summary>
    /// Applies the events of a run and marks their logs as processed or ignored. Returns the logs that have no effect.
    /// <paramref name="organizations"/> are all whose logs the transaction changes, if it changes others afterwards; else null.
    /// </summary>
    public static async Task<IReadOnlySet<Guid>> ApplyAsync(
        PlatformSession session, IReadOnlyCollection<WhatsappEvent> run, Guid[]? organizations, DateTime now, CancellationToken cancellationToken) =>
        (await session.QueryAsync<Guid>(
            "select log_id from app.apply_whatsapp_events(@events::jsonb, @now, @organizations)",
            new { events = JsonSerializer.Serialize(run, ColumnJson.Options), now, organizations }, cancellationToken)).ToHashSet();

    /// <summary>
    /// The events that are applied first, and together: those before a changed number, by the vendor's time, or the changed number. What the
    /// person wrote before and after it is another conversation's.
    /// </summary>
    public static IReadOnlyList<WhatsappEvent> FirstRunOf(IEnumerable<WhatsappEvent> events)
    {
        var ordered = events.OrderBy(e => e.OccurredAt).ThenBy(e => e.LogId, BigEndian).ToList();
        var next = ordered.FindIndex(e => e.Kind == WhatsappEvent.NumberChanged);
        return next < 0 ? ordered : ordered[..Math.Max(next, 1)];
    }

    /// <summary>As PostgreSQL orders ids: that of logs is the order of their receipt.</summary>
    private static Comparer<Guid> BigEndian { get; } = Comparer<Guid>.Create((one, other) =>
    {
        Span<byte> left = stackalloc byte[16], right = stackalloc byte[16];
        one.TryWriteBytes(left, bigEndian: true, out _);
        other.TryWriteBytes(right, bigEndian: true, out _);
        return left.SequenceCompareTo(right);
    });
}
