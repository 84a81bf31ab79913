using System.Collections.Concurrent;

namespace SalesBrain.Integrations.Outbound;

/// <summary>
/// Keeps each source within its own limit of requests per minute, on this instance. A page that comes too early is refused with the time to
/// wait, as the vendor would refuse it. Further requests of a page are sent and delay the next page.
/// </summary>
internal sealed class RequestPacing(TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>When each source's requests so far would have been sent at an even rate.</summary>
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _due = [];

    /// <summary>Before the first request of a page.</summary>
    /// <exception cref="SourceException"><c>rate_limited</c>.</exception>
    internal void Take(Guid sourceId, int? perMinute)
    {
        if (perMinute is not { } limit)
        {
            return;
        }
        var now = clock.GetUtcNow();
        var wait = _due.GetValueOrDefault(sourceId, now) - now - (Window - Window / limit);
        if (wait > TimeSpan.Zero)
        {
            throw new SourceException(SourceErrors.RateLimited, $"The source's own limit of {limit} requests per minute is reached.", wait);
        }
        Count(sourceId, limit);
    }

    /// <summary>Before every further request of a page.</summary>
    internal void Count(Guid sourceId, int? perMinute)
    {
        if (perMinute is not { } limit)
        {
            return;
        }
        var now = clock.GetUtcNow();
        Forget(now);
        _due.AddOrUpdate(sourceId, _ => now + Window / limit, (_, due) => (due > now ? due : now) + Window / limit);
    }

    /// <summary>Removes sources that were not asked for a while, so that the table stays small.</summary>
    private void Forget(DateTimeOffset now)
    {
        if (_due.Count > 1000)
        {
            foreach (var entry in _due.Where(entry => entry.Value < now))
            {
                _due.TryRemove(entry);
            }
        }
    }
}
