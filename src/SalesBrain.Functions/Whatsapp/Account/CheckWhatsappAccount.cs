using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Whatsapp.Account;
using SalesBrain.Integrations.Whatsapp;

namespace SalesBrain.Functions.Whatsapp.Account;

/// <summary>Asks Meta for the number's quality and for the templates, and notices a token that is not accepted any more.</summary>
public sealed class CheckWhatsappAccount(
    RequestPipeline pipeline, IWhatsappApi whatsapp, WhatsappTokens tokens, WhatsappTemplates templates)
{
    [Function(nameof(CheckWhatsappAccount))]
    [Operation("WhatsApp account", "Check the WhatsApp account", BodyOptional = true, Description =
        "Asks Meta for the number, its quality and the templates. If Meta no longer accepts the token, or it cannot be decrypted, the "
        + "account needs a new connection, and owners, administrators and supervisors are notified. Another refusal of Meta is shown as the account's error.")]
    [Requires(Capability.ManageWhatsapp)]
    [Returns(200, typeof(WhatsappAccount))]
    [Problems("conflict", "whatsapp_not_configured", "whatsapp_unavailable")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/whatsapp/account/check")] HttpRequest request) =>
        pipeline.RunAsync<CheckWhatsappAccount, CheckWhatsappAccountRequest>(request, async (call, input) =>
        {
            var errors = new InputErrors();
            var organizationId = call.Caller.OrganizationFor(input.OrganizationId, errors);
            return errors.Any ? Problems.InvalidInput(errors) : await CheckAsync(call, organizationId);
        });

    private async Task<IResult> CheckAsync(Call call, Guid organizationId)
    {
        var account = await WhatsappAccounts.FindAsync(call.Read(), organizationId, call.CancellationToken);
        if (account is not { Status: "configured" or "needs_reconnect" })
        {
            return Problems.WhatsappNotConfigured;
        }
        if (tokens.Open(account) is not { } token)
        {
            await templates.NoteUnreadableTokenAsync(account, call.Now.UtcDateTime, call.CancellationToken);
            return await ShowAsync(call, organizationId);
        }
        var number = await whatsapp.GetPhoneNumberAsync(token, account.PhoneNumberId!, call.CancellationToken);
        var failure = number.Failure ?? await templates.RefreshAsync(account, token, call.Now.UtcDateTime, call.CancellationToken);
        if (failure is null)
        {
            var shown = await WhatsappAccounts.SetCheckedAsync(
                call.AutoCommit(), account, WhatsappSignup.Shown(number.Value!), call.Now.UtcDateTime, call.CancellationToken);
            return shown is null ? Problems.Conflict : ApiResults.Ok<WhatsappAccount>(shown);
        }
        if (failure.Kind != GraphFailureKind.Refused)
        {
            return Problems.WhatsappUnavailable;
        }
        await templates.NoteRefusalAsync(account, failure, call.Now.UtcDateTime, call.CancellationToken);
        return await ShowAsync(call, organizationId);
    }

    private static async Task<IResult> ShowAsync(Call call, Guid organizationId) =>
        await WhatsappAccounts.FindAsync(call.Read(), organizationId, call.CancellationToken) is { } refused
            ? ApiResults.Ok<WhatsappAccount>(refused)
            : Problems.Conflict;
}

public sealed record CheckWhatsappAccountRequest
{
    /// <summary>The organization of the account. Required only for platform operators.</summary>
    public Guid? OrganizationId { get; init; }
}
