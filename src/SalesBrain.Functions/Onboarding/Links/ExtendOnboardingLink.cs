using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Identity;
using SalesBrain.Data.Onboarding;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Onboarding.Links;

/// <summary>Lets an onboarding link hold longer, also one that has expired, for owners, admins and platform operators.</summary>
public sealed class ExtendOnboardingLink(FrontDoor frontDoor, OnboardingLinkAnswers answers, TimeProvider clock)
{
    [Function(nameof(ExtendOnboardingLink))]
    [Endpoint("Onboarding links", "Lets an onboarding link hold longer", BodyOptional = true, Description =
        "The days are added to now or to the old expiry, whichever is later; a link that had expired is active again.")]
    [Requires(Capability.ManageOnboardingLinks)]
    [Answers(200, typeof(OnboardingLink))]
    [Problems("onboarding_link_already_revoked", "onboarding_link_already_used")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/onboarding/link/{linkId:guid}/extend")] HttpRequest request,
        Guid linkId, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<ExtendOnboardingLink, ExtendOnboardingLinkRequest>(request, async (call, input, token) =>
        {
            var now = clock.GetUtcNow();
            await using var session = await call.WriteAsync(token);
            if (await OnboardingLinks.LockAsync(session, linkId, now.UtcDateTime, token) is not { } before)
            {
                return Problems.NotFound;
            }
            if (LinkStates.ProblemOf(before.Status) is { } problem)
            {
                return problem;
            }
            var expiresAt = OnboardingLinkRules.Extend(before.ExpiresAt, now.UtcDateTime, input.AdditionalDays);
            await OnboardingLinks.ExtendAsync(session, before, expiresAt, now.UtcDateTime, token);
            var after = (await OnboardingLinks.FindAsync(session, linkId, now.UtcDateTime, token))!;
            await OnboardingLinkAudit.WriteAsync(session, call, "onboarding_link.extended", after, now, new
            {
                before = new { status = before.Status, expires_at = before.ExpiresAt },
                after = new { status = after.Status, expires_at = after.ExpiresAt },
            }, token);
            await session.CommitAsync();
            return Answer.Ok(answers.Of(after));
        }, cancellationToken);
}

public sealed record ExtendOnboardingLinkRequest
{
    [Range(1, 365)]
    public int AdditionalDays { get; init; } = 7;
}
