using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Whatsapp.Account;

namespace SalesBrain.Functions.Whatsapp.Account;

/// <summary>Shows agents whether they can write over WhatsApp, and over which number.</summary>
public sealed class GetWhatsappStatus(RequestPipeline pipeline)
{
    [Function(nameof(GetWhatsappStatus))]
    [Operation(
        "WhatsApp account", "Get the status of WhatsApp",
        Description = "For agents: whether the organization can write over WhatsApp, and over which number.")]
    [Requires(Capability.ReadWhatsapp)]
    [Returns(200, typeof(WhatsappStatus))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/agents/whatsapp/status")] HttpRequest request) =>
        pipeline.RunAsync<GetWhatsappStatus, WhatsappAccountQuery>(request, (call, input) => call.ForOrganizationAsync(input.OrganizationId, async organizationId =>
        {
            var account = await WhatsappAccounts.FindAsync(call.Read(), organizationId, call.CancellationToken);
            var configured = account is { Status: "configured" };
            return ApiResults.Ok(new WhatsappStatus
            {
                Configured = configured,
                Status = account?.Status ?? "none",
                DisplayNumber = account is { Status: "configured" or "needs_reconnect" } ? account.DisplayNumber : null,
                VerifiedName = account is { Status: "configured" or "needs_reconnect" } ? account.VerifiedName : null,
                Quality = account is { Status: "configured" or "needs_reconnect" } ? account.Quality : null,
                SendsAfter = configured && account!.SendsAfter > call.Now.UtcDateTime ? account.SendsAfter : null,
                Message = configured ? null : Problems.WhatsappNotConfigured.Detail,
            });
        }));
}

/// <summary>Whether an organization can write over WhatsApp.</summary>
public sealed record WhatsappStatus
{
    public required bool Configured { get; init; }

    /// <summary><c>none</c>: the organization never connected an account. Otherwise the status of the account.</summary>
    [AllowedValues("none", "pending", "configured", "needs_reconnect", "disconnected")]
    public required string Status { get; init; }
    public string? DisplayNumber { get; init; }
    public string? VerifiedName { get; init; }

    /// <summary>Meta's rating: <c>GREEN</c>, <c>YELLOW</c>, <c>RED</c> or <c>UNKNOWN</c>.</summary>
    public string? Quality { get; init; }

    /// <summary>Until then messages wait, because WhatsApp has stopped the number; null: they are sent.</summary>
    public DateTime? SendsAfter { get; init; }

    /// <summary>A sentence to display if it is not configured.</summary>
    public string? Message { get; init; }
}
