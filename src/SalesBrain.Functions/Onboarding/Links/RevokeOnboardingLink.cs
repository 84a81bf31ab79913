using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Onboarding;

namespace SalesBrain.Functions.Onboarding.Links;

/// <summary>Ends an onboarding link for good, for owners, admins and platform operators.</summary>
public sealed class RevokeOnboardingLink(RequestPipeline pipeline, OnboardingLinkResults results)
{
    [Function(nameof(RevokeOnboardingLink))]
    [Operation("Onboarding links", "Revoke an onboarding link", BodyOptional = true, Description =
        "The link stops working immediately and permanently, and its visitors see that it was revoked. An expired link can be "
        + "revoked; a used link cannot.")]
    [Requires(Capability.ManageOnboardingLinks)]
    [Returns(200, typeof(OnboardingLink))]
    [Problems("onboarding_link_already_revoked", "onboarding_link_already_used")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/onboarding/link/{linkId:guid}/revoke")] HttpRequest request,
        Guid linkId) =>
        pipeline.RunAsync<RevokeOnboardingLink, RevokeOnboardingLinkRequest>(request, async (call, input) =>
        {
            await using var session = await call.WriteAsync();
            if (await OnboardingLinks.LockAsync(session, linkId, call.Now.UtcDateTime, call.CancellationToken) is not { } before)
            {
                return Problems.NotFound;
            }
            if (LinkStates.ProblemOf(before.Status) is { } problem)
            {
                return problem;
            }
            var reason = string.IsNullOrWhiteSpace(input.Reason) ? "Revoked by admin" : input.Reason.Trim();
            await OnboardingLinks.RevokeAsync(session, before, reason, call.Caller.UserId, call.Now.UtcDateTime, call.CancellationToken);
            var after = (await OnboardingLinks.FindAsync(session, linkId, call.Now.UtcDateTime, call.CancellationToken))!;
            await call.AuditAsync(session, "onboarding_link.revoked", "onboarding_link", after.Id, after.OrganizationId, new
            {
                before = new { status = before.Status },
                after = new { status = after.Status, revoked_reason = after.RevokedReason },
            });
            await session.CommitAsync();
            return ApiResults.Ok(results.Of(after));
        });
}

public sealed record RevokeOnboardingLinkRequest
{
    /// <summary>The reason, shown to other administrators. Default: <c>Revoked by admin</c>.</summary>
    [StringLength(500)]
    public string? Reason { get; init; }
}
