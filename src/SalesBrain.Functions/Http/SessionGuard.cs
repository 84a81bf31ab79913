using System.Collections.Concurrent;
using SalesBrain.Core.Access;
using SalesBrain.Data.Access;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Http;

/// <summary>
/// Checks that an access token is still valid: its session has not ended, its user is active and still has that role, agency and client,
/// and the organization is not suspended. Writes check every time. For reads the result is cached on this instance for up to a minute.
/// </summary>
public sealed class SessionGuard(SalesBrainDatabase database, TimeProvider clock)
{
    /// <summary>How long reads use a cached result.</summary>
    public static readonly TimeSpan Trust = TimeSpan.FromSeconds(60);

    private const int MaxEntries = 10_000;

    private readonly ConcurrentDictionary<Guid, Entry> _entries = new();

    /// <summary><paramref name="fresh"/> asks the database in any case.</summary>
    public async Task<bool> HoldsAsync(Caller caller, bool fresh, CancellationToken cancellationToken)
    {
        // The time before the look-up: what changes during it is noticed a minute after the change, not later.
        var now = clock.GetUtcNow();
        if (!fresh && _entries.TryGetValue(caller.SessionId, out var entry) && entry.Until > now && entry.Caller == caller)
        {
            return true;
        }
        var found = await UserSessions.FindAsync(database.ReadPlatform(), caller.SessionId, cancellationToken);
        if (found is null || !Roles.TryParse(found.Role, out var role)
            || caller != new Caller(found.UserId, role, found.OrganizationId, found.AgencyId, found.ClientId, caller.SessionId))
        {
            _entries.TryRemove(caller.SessionId, out _);
            return false;
        }
        if (_entries.Count >= MaxEntries)
        {
            // Starting over costs each session one look-up; keeping track of age would cost every request.
            _entries.Clear();
        }
        _entries[caller.SessionId] = new Entry(caller, now + Trust);
        return true;
    }

    /// <summary>
    /// Removes a user's sessions from the cache of this instance after some of them were ended. Other instances notice within a minute.
    /// </summary>
    public void Forget(Guid userId)
    {
        foreach (var (sessionId, _) in _entries.Where(entry => entry.Value.Caller.UserId == userId))
        {
            _entries.TryRemove(sessionId, out _);
        }
    }

    private sealed record Entry(Caller Caller, DateTimeOffset Until);
}
