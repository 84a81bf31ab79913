using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Onboarding;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Onboarding.Links;

/// <summary>Marks onboarding links as expired and notifies their creators. Every 15 minutes.</summary>
public sealed class ExpireOnboardingLinks(
    TimerRuns runs, SalesBrainDatabase database, TimeProvider clock, ILogger<ExpireOnboardingLinks> log)
{
    private const int BatchSize = 5000;

    [Function(nameof(ExpireOnboardingLinks))]
    public Task Run([TimerTrigger("%ExpireOnboardingLinksSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<ExpireOnboardingLinks>(() => WorkAsync(cancellationToken));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        // A batch is one transaction, including the notifications, and skips links that another instance has locked. So each link is
        // expired and notified once.
        var session = database.AutoCommitPlatform();
        var now = clock.GetUtcNow().UtcDateTime;
        var expired = await Batches.RepeatAsync(() => OnboardingUpkeep.ExpireAsync(session, now, BatchSize, cancellationToken));
        log.LogInformation("Expired {Count} onboarding links", expired);
    }
}
