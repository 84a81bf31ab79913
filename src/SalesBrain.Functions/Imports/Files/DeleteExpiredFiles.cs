using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Imports.Files;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Timers;
using SalesBrain.Integrations.Files;

namespace SalesBrain.Functions.Imports.Files;

/// <summary>Deletes uploaded files 30 days after their last job. Daily.</summary>
public sealed class DeleteExpiredFiles(
    TimerRuns runs, SalesBrainDatabase database, IFileStore files, TimeProvider clock, ILogger<DeleteExpiredFiles> log)
{
    private const int BatchSize = 100;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    [Function(nameof(DeleteExpiredFiles))]
    public Task Run([TimerTrigger("%DeleteExpiredFilesSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<DeleteExpiredFiles>(() => WorkAsync(cancellationToken));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var (deleted, found) = (0, 0);
        do
        {
            var expired = await SourceFiles.FindExpiredAsync(database.ReadPlatform(), now - Kept, BatchSize, cancellationToken);
            found = expired.Count;
            foreach (var file in expired)
            {
                await using var session = await database.WritePlatformAsync(cancellationToken);
                if (!await SourceFiles.DeleteAsync(session, file, now - Kept, now, cancellationToken))
                {
                    // A job has begun to use it, or another instance has deleted it.
                    continue;
                }
                // Before the commit: if it fails, the next run finds the file again.
                await files.DeleteAsync(file.OrganizationId, file.Id, cancellationToken);
                await session.CommitAsync();
                deleted++;
            }
        }
        while (found == BatchSize);
        log.LogInformation("Deleted {Files} uploaded files", deleted);
    }
}
