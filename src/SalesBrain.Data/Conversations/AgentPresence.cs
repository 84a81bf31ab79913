using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Conversations;

/// <summary>Which agents are there, so that new conversations go to them in turns.</summary>
public static class AgentPresence
{
    /// <summary>
    /// How long an agent counts as present after their last sign: streams give one every 20 seconds, other pages when they read.
    /// </summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(3);

    /// <summary>Notes that agents are there now. Users who are not agents are left out.</summary>
    public static Task KeepAsync(
        PlatformSession session, IReadOnlyCollection<Guid> userIds, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            "select app.keep_agents_present(@users, @until)", new { users = userIds.ToArray(), until = (now + Lasts).UtcDateTime },
            cancellationToken);
}
