using System.Text.Json;
using SalesBrain.Core.Values;
using SalesBrain.Core.Whatsapp.Receiving;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Processing;

/// <summary>Writes the effects of claimed events of the source whatsapp.</summary>
public static class DueWhatsappEvents
{
    /// <summary>
    /// Applies the events and marks their logs as processed or ignored. Returns the logs that have no effect. A changed number is applied
    /// between what the person wrote before and after it, by the vendor's time. <paramref name="organizations"/> are all whose logs the
    /// transaction changes, if it changes others afterwards; else null.
    /// </summary>
    public static async Task<IReadOnlySet<Guid>> ApplyAsync(
        PlatformSession session, IEnumerable<WhatsappEvent> events, Guid[]? organizations, DateTime now, CancellationToken cancellationToken)
    {
        var ignored = new HashSet<Guid>();
        foreach (var run in RunsOf([.. events.OrderBy(e => e.OccurredAt).ThenBy(e => e.LogId, BigEndian)]))
        {
            ignored.UnionWith(await session.QueryAsync<Guid>(
                "select log_id from app.apply_whatsapp_events(@events::jsonb, @now, @organizations)",
                new { events = JsonSerializer.Serialize(run, ColumnJson.Options), now, organizations }, cancellationToken));
        }
        return ignored;
    }

    /// <summary>As PostgreSQL orders ids: that of logs is the order of their receipt.</summary>
    private static Comparer<Guid> BigEndian { get; } = Comparer<Guid>.Create((one, other) =>
    {
        Span<byte> left = stackalloc byte[16], right = stackalloc byte[16];
        one.TryWriteBytes(left, bigEndian: true, out _);
        other.TryWriteBytes(right, bigEndian: true, out _);
        return left.SequenceCompareTo(right);
    });

    /// <summary>Cuts the list before and after each changed number.</summary>
    private static List<List<WhatsappEvent>> RunsOf(List<WhatsappEvent> events)
    {
        var runs = new List<List<WhatsappEvent>>();
        foreach (var one in events)
        {
            if (runs.Count == 0 || one.Kind == WhatsappEvent.NumberChanged || runs[^1][^1].Kind == WhatsappEvent.NumberChanged)
            {
                runs.Add([]);
            }
            runs[^1].Add(one);
        }
        return runs;
    }
}
