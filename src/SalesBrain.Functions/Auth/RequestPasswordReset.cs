using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Identity;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Auth;

/// <summary>
/// Asks for a mail with a link to set a new password, for whoever forgot theirs. The request is only noted: whether there is such an account
/// is looked up afterwards, so neither the answer nor its time can tell.
/// </summary>
public sealed class RequestPasswordReset(FrontDoor frontDoor, PasswordResets resets)
{
    [Function(nameof(RequestPasswordReset))]
    [Endpoint("Authentication", "Asks for a mail to set a new password",
        Description = "The answer is the same whether or not there is such an account. The link works once and for 45 minutes; at most three work at a time.")]
    [Anyone("anyone")]
    [Answers(202, typeof(ResetRequested))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/auth/password-reset")] HttpRequest request,
        CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<RequestPasswordReset, ResetRequest>(request, (call, input, _) =>
        {
            resets.Add(Emails.Normalize(input.Email), call.RemoteAddress);
            return Task.FromResult(Answer.Accepted(
                new ResetRequested { ExpiresIn = (int)PasswordTokens.ResetLifetime.TotalSeconds },
                "If there is an account with this address, a mail with a link is on its way."));
        }, cancellationToken);
}

public sealed record ResetRequest
{
    [StringLength(Emails.MaxLength)]
    public required string Email { get; init; }
}

public sealed record ResetRequested
{
    /// <summary>Seconds that the mailed link works.</summary>
    public required int ExpiresIn { get; init; }
}
