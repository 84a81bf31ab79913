using Microsoft.Extensions.Logging;
using Npgsql;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Assignments;

/// <summary>
/// Assigns the contacts that wait, oldest first, a batch of each organization in turn. Safe when several instances do it at once.
/// </summary>
public sealed class AssignmentDrain(SalesBrainDatabase database, TimeProvider clock, ILogger<AssignmentDrain> log)
{
    private const int BatchSize = 200;

    /// <summary>
    /// Assigns new contacts and returns their number. Throws <see cref="NpgsqlException"/> if the database is not available.
    /// </summary>
    public async Task<long> AssignNewAsync(CancellationToken cancellationToken) =>
        await AssignAsync(await AssignmentQueue.FindUntriedAsync(database.ReadPlatform(), cancellationToken), cancellationToken);

    /// <summary>
    /// Retries contacts that had no eligible user and returns the number of assigned ones. Throws <see cref="NpgsqlException"/> if the
    /// database is not available.
    /// </summary>
    public async Task<long> AssignBlockedAsync(CancellationToken cancellationToken) =>
        await AssignAsync(await AssignmentQueue.FindBlockedAsync(database.ReadPlatform(), cancellationToken), cancellationToken);

    private async Task<long> AssignAsync(List<WaitingGroup> groups, CancellationToken cancellationToken)
    {
        var session = database.AutoCommitPlatform();
        long assigned = 0;
        while (groups.Count > 0)
        {
            var unfinished = new List<WaitingGroup>();
            foreach (var group in groups)
            {
                try
                {
                    var progress = await AssignmentQueue.AssignOldestAsync(
                        session, group, BatchSize, clock.GetUtcNow().UtcDateTime, cancellationToken);
                    assigned += progress.Taken - progress.Left;
                    // Processed contacts leave the new ones. If a rule had no eligible user for one contact, it has none for the rest
                    // either.
                    if (progress.Taken == BatchSize && (group.RuleId is null || progress.Left == 0))
                    {
                        unfinished.Add(group);
                    }
                }
                catch (PostgresException e) when (!DatabaseAvailability.IsLost(e))
                {
                    // One organization's trouble is not the others': its contacts stay in the queue.
                    log.LogWarning(e, "Contacts of organization {OrganizationId} could not be assigned and wait", group.OrganizationId);
                }
            }
            groups = unfinished;
        }
        return assigned;
    }
}
