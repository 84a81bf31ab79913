using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SalesBrain.Core.Access;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Whatsapp.Account;
using SalesBrain.Integrations.Whatsapp;

namespace SalesBrain.Functions.Whatsapp.Account;

/// <summary>Disconnects the organization's WhatsApp account: ends the subscription at Meta and forgets the token.</summary>
public sealed class DisconnectWhatsappAccount(
    RequestPipeline pipeline, SalesBrainDatabase database, IWhatsappApi whatsapp, WhatsappTokens tokens, ILogger<DisconnectWhatsappAccount> log)
{
    private const string NotUnsubscribed =
        "The token was forgotten, but Meta could not be told. Meta may go on sending events, which are refused. Remove SalesBrain "
        + "from the account at Meta.";

    [Function(nameof(DisconnectWhatsappAccount))]
    [Operation("WhatsApp account", "Disconnect the WhatsApp account", Description =
        "Ends the subscription at Meta, unless another organization uses the same WhatsApp Business Account, and forgets the token. If "
        + "Meta cannot be reached, the token is forgotten nevertheless, and unsubscribed is false. Conversations are kept. "
        + "Repeating it changes nothing.")]
    [Requires(Capability.ManageWhatsapp)]
    [Returns(200, typeof(WhatsappDisconnection))]
    [Problems("not_found", "conflict")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/admin/whatsapp/account")] HttpRequest request) =>
        pipeline.RunAsync<DisconnectWhatsappAccount, WhatsappAccountQuery>(
            request,
            (call, input) => call.ForOrganizationAsync(input.OrganizationId, organizationId => DisconnectAsync(call, organizationId)));

    private async Task<IResult> DisconnectAsync(Call call, Guid organizationId)
    {
        var account = await WhatsappAccounts.FindAsync(call.Read(), organizationId, call.CancellationToken);
        if (account is null)
        {
            return Problems.NotFound;
        }
        if (account.TokenSealed is null)
        {
            return ApiResults.Ok(new WhatsappDisconnection(account, false));
        }
        var isShared = await WhatsappAccounts.IsSharedAsync(database.ReadPlatform(), account, call.CancellationToken);
        var unsubscribed = !isShared && await UnsubscribeAsync(account, call.CancellationToken);
        await using var session = await call.WriteAsync();
        if (await WhatsappAccounts.DisconnectAsync(session, account, null, null, call.Now.UtcDateTime, call.CancellationToken) is not { } disconnected)
        {
            // Another request was faster: with the same, or with a signup.
            return await WhatsappAccounts.FindAsync(session, organizationId, call.CancellationToken) is { TokenSealed: null } other
                ? ApiResults.Ok(new WhatsappDisconnection(other, unsubscribed))
                : Problems.Conflict;
        }
        await call.AuditAsync(session, "whatsapp_account.disconnected", "whatsapp_account", account.Id, organizationId, new
        {
            waba_id = account.WabaId,
            display_number = account.DisplayNumber,
            unsubscribed,
        });
        await session.CommitAsync();
        return ApiResults.Ok(new WhatsappDisconnection(disconnected, unsubscribed), unsubscribed || isShared ? null : NotUnsubscribed);
    }

    private async Task<bool> UnsubscribeAsync(StoredWhatsappAccount account, CancellationToken cancellationToken)
    {
        if (tokens.Open(account) is not { } token)
        {
            // The key is gone. The account must be disconnectable nevertheless.
            return false;
        }
        var result = await whatsapp.UnsubscribeAsync(token, account.WabaId, cancellationToken);
        if (result.Failure is { } failure)
        {
            log.LogWarning("The subscription of a WhatsApp account could not be ended: {Failure}", failure);
        }
        return result.Failure is null;
    }
}

/// <summary>The disconnected account.</summary>
/// <param name="Account">The account without its token.</param>
/// <param name="Unsubscribed">Whether Meta has ended the subscription. False also if another organization uses the same WhatsApp Business
/// Account.</param>
public sealed record WhatsappDisconnection(WhatsappAccount Account, bool Unsubscribed);
