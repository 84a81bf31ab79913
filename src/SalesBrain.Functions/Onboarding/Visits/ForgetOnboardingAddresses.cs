using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Onboarding;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Onboarding.Visits;

/// <summary>
/// Shortens visitors' IP addresses to their networks after 30 days, and deletes the counts of tries of unknown onboarding links. Hourly.
/// </summary>
public sealed class ForgetOnboardingAddresses(
    TimerRuns runs, SalesBrainDatabase database, TimeProvider clock, ILogger<ForgetOnboardingAddresses> log)
{
    private const int WholeAddressDays = 30;
    private const int BatchSize = 5000;

    [Function(nameof(ForgetOnboardingAddresses))]
    public Task Run([TimerTrigger("%ForgetOnboardingAddressesSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<ForgetOnboardingAddresses>(() => WorkAsync(cancellationToken));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        var session = database.AutoCommitPlatform();
        var now = clock.GetUtcNow().UtcDateTime;
        var shortened = await Batches.RepeatAsync(
            () => OnboardingUpkeep.ShortenAddressesAsync(session, now.AddDays(-WholeAddressDays), BatchSize, cancellationToken));
        var forgotten = await Batches.RepeatAsync(() => OnboardingUpkeep.ForgetGuessesAsync(session, now, BatchSize, cancellationToken));
        log.LogInformation(
            "Shortened {Shortened} visitor addresses and deleted {Forgotten} addresses that tried unknown links", shortened, forgotten);
    }
}
