using System.Collections.Concurrent;
using SalesBrain.Core.Access;
using SalesBrain.Data.Conversations;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Conversations;

/// <summary>
/// Notes that agents are there when they read. At most every half minute for each agent and instance, so that pages that poll do not write
/// each time.
/// </summary>
public sealed class Attendance(SalesBrainDatabase database, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private const int MaxEntries = 10_000;

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _noted = new();

    /// <summary>
    /// Notes that the caller is there, if they are an agent. <paramref name="always"/>: also if it was noted a moment ago.
    /// </summary>
    public async Task NoteAsync(Caller caller, CancellationToken cancellationToken, bool always = false)
    {
        var now = clock.GetUtcNow();
        if (caller.Role != Role.Agent || (!always && _noted.TryGetValue(caller.UserId, out var at) && now - at < Pause))
        {
            return;
        }
        await AgentPresence.KeepAsync(database.AutoCommitPlatform(), [caller.UserId], now, cancellationToken);
        if (_noted.Count >= MaxEntries)
        {
            _noted.Clear();
        }
        _noted[caller.UserId] = now;
    }
}
