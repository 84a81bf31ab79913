using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Onboarding;
using SalesBrain.Data.Onboarding;

namespace SalesBrain.Functions.Onboarding.Links;

/// <summary>Lets an onboarding link hold longer, also one that has expired, for owners, admins and platform operators.</summary>
public sealed class ExtendOnboardingLink(RequestPipeline pipeline, OnboardingLinkResults results)
{
    [Function(nameof(ExtendOnboardingLink))]
    [Operation("Onboarding links", "Extend an onboarding link", BodyOptional = true,
        Description = "The days are added to the current time or to the old expiry, whichever is later. An expired link becomes active again.")]
    [Requires(Capability.ManageOnboardingLinks)]
    [Returns(200, typeof(OnboardingLink))]
    [Problems("onboarding_link_already_revoked", "onboarding_link_already_used")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/onboarding/link/{linkId:guid}/extend")] HttpRequest request,
        Guid linkId) =>
        pipeline.RunAsync<ExtendOnboardingLink, ExtendOnboardingLinkRequest>(request, async (call, input) =>
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
            var expiresAt = OnboardingLinkRules.Extend(before.ExpiresAt, call.Now.UtcDateTime, input.AdditionalDays);
            await OnboardingLinks.ExtendAsync(session, before, expiresAt, call.Now.UtcDateTime, call.CancellationToken);
            var after = (await OnboardingLinks.FindAsync(session, linkId, call.Now.UtcDateTime, call.CancellationToken))!;
            await call.AuditAsync(session, "onboarding_link.extended", "onboarding_link", after.Id, after.OrganizationId, new
            {
                before = new { status = before.Status, expires_at = before.ExpiresAt },
                after = new { status = after.Status, expires_at = after.ExpiresAt },
            });
            await session.CommitAsync();
            return ApiResults.Ok(results.Of(after));
        });
}

public sealed record ExtendOnboardingLinkRequest
{
    [Range(1, 365)]
    public int AdditionalDays { get; init; } = 7;
}
