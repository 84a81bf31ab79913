using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Conversations;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Conversations;

/// <summary>
/// Gives conversations that nobody has to present agents, in organizations that assign in turns: those that began while nobody was there,
/// and those that were released. Every minute.
/// </summary>
public sealed class AssignWaitingConversations(
    TimerRuns runs, SalesBrainDatabase database, TimeProvider clock, ILogger<AssignWaitingConversations> log)
{
    [Function(nameof(AssignWaitingConversations))]
    public Task Run([TimerTrigger("%AssignWaitingConversationsSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<AssignWaitingConversations>(() => WorkAsync(cancellationToken));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        var assigned = await ConversationOwners.AssignWaitingAsync(
            database.AutoCommitPlatform(), clock.GetUtcNow().UtcDateTime, cancellationToken);
        log.Log(assigned > 0 ? LogLevel.Information : LogLevel.Debug, "Assigned {Count} conversations that were waiting", assigned);
    }
}
