using System.Collections.Concurrent;
using SalesBrain.Core.Access;
using SalesBrain.Data.Access;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Http;

/// <summary>
/// Whether what an access token says still holds: its session has not ended, its user is active, has that role, agency and client, and their
/// organization is not suspended. For writes it is asked each time; for reads an answer is kept up to a minute on this instance, so that
/// reading costs no look-up of its own.
/// </summary>
public sealed class SessionGuard(SalesBrainDatabase database, TimeProvider clock)
{
    /// <summary>How long a read may rely on what was found.</summary>
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

    /// <summary>Has this instance look anew at the sessions of a user, some of which it has just ended. The others notice within the minute.</summary>
    public void Forget(Guid userId)
    {
        foreach (var (sessionId, _) in _entries.Where(entry => entry.Value.Caller.UserId == userId))
        {
            _entries.TryRemove(sessionId, out _);
        }
    }

    private sealed record Entry(Caller Caller, DateTimeOffset Until);
}
