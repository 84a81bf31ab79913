using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Values;
using SalesBrain.Data.Auth;

namespace SalesBrain.Functions.Auth;

/// <summary>
/// Requests an e-mail with a link to set a new password. The request is only queued. The account is looked up afterwards, so that neither
/// the response nor its time reveals whether it exists.
/// </summary>
public sealed class RequestPasswordReset(RequestPipeline pipeline, PasswordResets resets)
{
    [Function(nameof(RequestPasswordReset))]
    [Operation("Authentication", "Request a password reset e-mail", Description =
        "The response is the same whether or not the account exists. The link works once, for 45 minutes. At most three links "
        + "per account are valid at a time. An IP address and an account may request five an hour; further requests have no "
        + "effect.")]
    [Anyone("anyone")]
    [Returns(202, typeof(ResetRequested))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/auth/password-reset")] HttpRequest request) =>
        pipeline.RunAsync<RequestPasswordReset, ResetRequest>(request, (call, input) =>
        {
            resets.Add(Emails.Normalize(input.Email), call.RemoteAddress);
            return Task.FromResult(ApiResults.Accepted(
                new ResetRequested { ExpiresIn = (int)PasswordTokens.ResetLifetime.TotalSeconds },
                "If there is an account with this address, a mail with a link is on its way."));
        });
}

public sealed record ResetRequest
{
    [StringLength(Emails.MaxLength)]
    public required string Email { get; init; }
}

public sealed record ResetRequested
{
    /// <summary>Lifetime of the e-mailed link in seconds.</summary>
    public required int ExpiresIn { get; init; }
}
