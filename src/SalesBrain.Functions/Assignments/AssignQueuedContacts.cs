using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Assignments;

namespace SalesBrain.Functions.Assignments;

/// <summary>
/// Assigns waiting contacts, oldest first, when a user can take them, and new contacts left over after a crash. Every minute.
/// </summary>
public sealed class AssignQueuedContacts(AssignmentDrain drain, ILogger<AssignQueuedContacts> log)
{
    [Function(nameof(AssignQueuedContacts))]
    public async Task Run([TimerTrigger("%AssignQueuedContactsSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var assigned = await drain.AssignBlockedAsync(cancellationToken) + await drain.AssignNewAsync(cancellationToken);
        if (assigned > 0)
        {
            log.LogInformation("Assigned {Count} contacts that were waiting", assigned);
        }
    }
}
