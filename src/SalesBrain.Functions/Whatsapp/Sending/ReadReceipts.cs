using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Whatsapp.Account;
using SalesBrain.Functions.Whatsapp.Account;
using SalesBrain.Integrations.Whatsapp;

namespace SalesBrain.Functions.Whatsapp.Sending;

/// <summary>
/// Shows people that their messages were read. Best effort: each receipt is sent once, behind the response of the caller who read them.
/// Those that fail, find the queue full, or wait while the process stops are dropped.
/// </summary>
public sealed class ReadReceipts(SalesBrainDatabase database, IWhatsappApi whatsapp, WhatsappTokens tokens, ILogger<ReadReceipts> log)
    : BackgroundService
{
    private const int MostWaiting = 1000;
    private const int MostInFlight = 4;

    private readonly Channel<(Guid OrganizationId, string Wamid)> _waiting =
        Channel.CreateBounded<(Guid, string)>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Sends a receipt for a message of a person, and so for those before it. Returns at once and never throws.</summary>
    internal void Queue(Guid organizationId, string wamid) => _waiting.Writer.TryWrite((organizationId, wamid));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Parallel.ForEachAsync(
                _waiting.Reader.ReadAllAsync(stoppingToken),
                new ParallelOptions { MaxDegreeOfParallelism = MostInFlight, CancellationToken = stoppingToken },
                async (receipt, cancellationToken) => await SendAsync(receipt.OrganizationId, receipt.Wamid, cancellationToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async Task SendAsync(Guid organizationId, string wamid, CancellationToken cancellationToken)
    {
        try
        {
            if (await WhatsappAccounts.FindAsync(database.ReadPlatform(), organizationId, cancellationToken)
                is { Status: "configured", PhoneNumberId: { } number, TokenSealed: not null } account && tokens.Open(account) is { } token)
            {
                var result = await whatsapp.MarkReadAsync(token, number, wamid, cancellationToken);
                if (result.Failure is { } failure)
                {
                    log.LogInformation("A read receipt was not sent: {Failure}", failure.ToString());
                }
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Neither the message's id nor what the exception says: it may have the URL.
            log.LogWarning("A read receipt was not sent: {Exception}", e.GetType().Name);
        }
    }
}
