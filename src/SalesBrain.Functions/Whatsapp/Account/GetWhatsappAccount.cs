using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Whatsapp.Account;

namespace SalesBrain.Functions.Whatsapp.Account;

/// <summary>Shows the organization's WhatsApp account and the steps of connecting it, to those who may connect it.</summary>
public sealed class GetWhatsappAccount(RequestPipeline pipeline)
{
    [Function(nameof(GetWhatsappAccount))]
    [Operation(
        "WhatsApp account", "Get the WhatsApp account",
        Description = "With each step of connecting it. 404 if the organization never connected one.")]
    [Requires(Capability.ManageWhatsapp)]
    [Returns(200, typeof(WhatsappAccount))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/whatsapp/account")] HttpRequest request) =>
        pipeline.RunAsync<GetWhatsappAccount, WhatsappAccountQuery>(request, (call, input) => call.ForOrganizationAsync(input.OrganizationId, async organizationId =>
            await WhatsappAccounts.FindAsync(call.Read(), organizationId, call.CancellationToken) is { } account
                ? ApiResults.Ok<WhatsappAccount>(account)
                : Problems.NotFound));
}
