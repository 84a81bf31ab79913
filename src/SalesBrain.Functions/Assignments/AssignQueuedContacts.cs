using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Assignments;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Assignments;

/// <summary>
/// Assigns waiting contacts, oldest first, when a user can take them, and new contacts left over after a crash. Every minute.
/// </summary>
public sealed class AssignQueuedContacts(TimerRuns runs, AssignmentDrain drain, ILogger<AssignQueuedContacts> log)
{
    [Function(nameof(AssignQueuedContacts))]
    public Task Run([TimerTrigger("%AssignQueuedContactsSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<AssignQueuedContacts>(() => WorkAsync(cancellationToken));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        var assigned = await drain.AssignBlockedAsync(cancellationToken) + await drain.AssignNewAsync(cancellationToken);
        log.Log(assigned > 0 ? LogLevel.Information : LogLevel.Debug, "Assigned {Count} contacts that were waiting", assigned);
    }
}
