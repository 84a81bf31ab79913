using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Crm;

/// <summary>
/// Corrects the scores of leads whose recency has decayed, or whose organization has changed its weights. Daily, at a quiet hour.
/// </summary>
public sealed class RescoreLeads(TimerRuns runs, SalesBrainDatabase database, TimeProvider clock, ILogger<RescoreLeads> log)
{
    private const int BatchSize = 1000;

    [Function(nameof(RescoreLeads))]
    public Task Run([TimerTrigger("%RescoreLeadsSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<RescoreLeads>(() => WorkAsync(cancellationToken));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        // Each batch is a transaction of its own that skips what others hold. A second instance finds the scores corrected.
        var session = database.AutoCommitPlatform();
        var now = clock.GetUtcNow().UtcDateTime;
        var (leads, rescored, after) = (0L, 0L, LeadPosition.Start);
        RescoredBatch batch;
        do
        {
            batch = await LeadScores.RescoreAsync(session, after, BatchSize, now, cancellationToken);
            (leads, rescored) = (leads + batch.Leads, rescored + batch.Rescored);
            after = batch is { OrganizationId: { } organization, LeadId: { } lead } ? new(organization, lead) : after;
        }
        while (batch.Leads == BatchSize);
        log.LogInformation("Corrected the scores of {Rescored} of {Leads} leads", rescored, leads);
    }
}
