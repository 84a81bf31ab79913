using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Endpoints;
using SalesBrain.Functions.Timers;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>
/// Notifies owners when a webhook endpoint has received nothing for longer than expected, and when it receives again. Every 5 minutes.
/// </summary>
public sealed class CheckWebhookSilence(TimerRuns runs, SalesBrainDatabase database, TimeProvider clock, ILogger<CheckWebhookSilence> log)
{
    [Function(nameof(CheckWebhookSilence))]
    public Task Run([TimerTrigger("%CheckWebhookSilenceSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        runs.RunAsync<CheckWebhookSilence>(() => WorkAsync(cancellationToken));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        // One transaction, so that the instance that marks an endpoint is the only one that notifies its owners.
        await using var session = await database.WritePlatformAsync(cancellationToken);
        var changes = await WebhookSilence.UpdateAsync(session, now, cancellationToken);
        if (changes.Count > 0)
        {
            await WebhookSilence.NotifyOwnersAsync(session, changes, now, cancellationToken);
            await session.CommitAsync();
        }
        log.Log(
            changes.Count > 0 ? LogLevel.Information : LogLevel.Debug,
            "{Silent} webhook endpoints became silent and {Received} receive again", changes.Count(change => change.IsSilent),
            changes.Count(change => !change.IsSilent));
        foreach (var change in changes)
        {
            log.LogInformation(
                "Webhook endpoint {EndpointId} of organization {OrganizationId} {Change}",
                change.EndpointId, change.OrganizationId, change.IsSilent ? "is silent" : "receives again");
        }
    }
}
