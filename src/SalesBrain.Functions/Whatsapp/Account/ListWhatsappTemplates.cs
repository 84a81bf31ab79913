using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Whatsapp.Account;

namespace SalesBrain.Functions.Whatsapp.Account;

/// <summary>Returns the approved templates, for administrators and for agents who send them.</summary>
public sealed class ListWhatsappTemplates(RequestPipeline pipeline, WhatsappTokens tokens, WhatsappTemplates templates)
{
    [Function(nameof(ListWhatsappTemplates))]
    [Operation("WhatsApp account", "List the approved templates", Description =
        "Kept for 10 minutes. If Meta cannot be reached then, older ones are returned; fetched_at says how old they are.")]
    [Requires(Capability.ReadWhatsapp)]
    [Returns(200, typeof(WhatsappTemplateList))]
    [Problems("whatsapp_not_configured", "whatsapp_refused", "whatsapp_unavailable")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/whatsapp/templates")] HttpRequest request) =>
        pipeline.RunAsync<ListWhatsappTemplates, WhatsappAccountQuery>(
            request, (call, input) => call.ForOrganizationAsync(input.OrganizationId, organizationId => ListAsync(call, organizationId)));

    private async Task<IResult> ListAsync(Call call, Guid organizationId)
    {
        var account = await WhatsappAccounts.FindAsync(call.Read(), organizationId, call.CancellationToken);
        if (account is not { Status: "configured" })
        {
            return Problems.WhatsappNotConfigured;
        }
        if (account.TemplatesAt is null || account.TemplatesAt <= call.Now.UtcDateTime - WhatsappTemplates.Lifetime)
        {
            if (tokens.Open(account) is not { } token)
            {
                await templates.NoteUnreadableTokenAsync(account, call.Now.UtcDateTime, call.CancellationToken);
                return Problems.WhatsappNotConfigured;
            }
            var failure = await templates.RefreshAsync(account, token, call.Now.UtcDateTime, call.CancellationToken);
            if (failure?.Code is { } code)
            {
                await templates.NoteRefusalAsync(account, failure, call.Now.UtcDateTime, call.CancellationToken);
                if (failure.Error.NeedsReconnect)
                {
                    return Problems.WhatsappNotConfigured;
                }
                if (account.Templates is null)
                {
                    return Problems.WhatsappRefused.Because(
                        $"WhatsApp refused the list of templates with the error {code}: {failure.Error.Sentence}");
                }
            }
            else if (failure is not null && account.Templates is null)
            {
                return Problems.WhatsappUnavailable;
            }
            account = await WhatsappAccounts.FindAsync(call.Read(), organizationId, call.CancellationToken);
        }
        return account is { Templates: { } kept, TemplatesAt: { } at }
            ? ApiResults.Ok(new WhatsappTemplateList(WhatsappTemplates.Read(kept), at))
            : Problems.WhatsappNotConfigured;
    }
}

/// <summary>The approved templates of an account.</summary>
/// <param name="Templates">By name and language.</param>
/// <param name="FetchedAt">When Meta was asked.</param>
public sealed record WhatsappTemplateList(IReadOnlyList<ApprovedTemplate> Templates, DateTime FetchedAt);
