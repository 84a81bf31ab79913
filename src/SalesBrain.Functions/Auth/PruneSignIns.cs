using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Agents;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Auth;

/// <summary>Deletes old failed sign-ins and counts of mails, and expired refresh tokens and e-mailed links. Hourly.</summary>
public sealed class PruneSignIns(TimerRuns runs, SalesBrainDatabase database, TimeProvider clock, ILogger<PruneSignIns> log)
{
    private const int BatchSize = 5000;

    /// <summary>Allows for clock differences, and keeps data for support questions.</summary>
    private static readonly TimeSpan KeptAfterExpiry = TimeSpan.FromDays(1);

    [Function(nameof(PruneSignIns))]
    public Task Run([TimerTrigger("%PruneSignInsSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<PruneSignIns>(() => WorkAsync(cancellationToken));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        // Rows that another instance is removing are skipped: two at once only share the work.
        var session = database.AutoCommitPlatform();
        var now = clock.GetUtcNow().UtcDateTime;
        var expired = now - KeptAfterExpiry;
        var attempts = await Batches.RepeatAsync(() => SignInAttempts.DeleteForgottenAsync(session, now, BatchSize, cancellationToken));
        var refreshTokens = await Batches.RepeatAsync(
            () => RefreshTokens.DeleteExpiredAsync(session, expired, BatchSize, cancellationToken));
        var passwordTokens = await Batches.RepeatAsync(
            () => PasswordTokens.DeleteExpiredAsync(session, expired, BatchSize, cancellationToken));
        var emailChanges = await Batches.RepeatAsync(() => EmailChanges.DeleteExpiredAsync(session, expired, BatchSize, cancellationToken));
        var genesysSignIns = await Batches.RepeatAsync(
            () => GenesysSignIns.DeleteExpiredAsync(session, expired, BatchSize, cancellationToken));
        var mailCounts = await Batches.RepeatAsync(() => MailLimits.DeleteForgottenAsync(session, now, BatchSize, cancellationToken));
        log.LogInformation(
            "Deleted {Attempts} old sign-in attempts, {RefreshTokens} refresh tokens, {PasswordTokens} set-password tokens, {EmailChanges} "
            + "changes of e-mail addresses, {GenesysSignIns} sign-ins with Genesys and {MailCounts} counts of mails",
            attempts, refreshTokens, passwordTokens, emailChanges, genesysSignIns, mailCounts);
    }
}
