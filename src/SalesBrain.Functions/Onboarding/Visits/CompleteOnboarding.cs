using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Onboarding;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Onboarding;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Onboarding.Visits;

/// <summary>Ends onboarding for the person who has a link, and uses the link up.</summary>
public sealed class CompleteOnboarding(RequestPipeline pipeline, LinkVisits visits, SalesBrainDatabase database)
{
    [Function(nameof(CompleteOnboarding))]
    [Operation("Onboarding", "Complete the onboarding",
        Description = "Marks the link as used. Of several simultaneous calls only one succeeds.")]
    [Anyone(LinkVisits.WhoMayCall)]
    [Returns(200, typeof(CompletedOnboarding))]
    [Problems("onboarding_link_revoked", "conflict", "onboarding_link_expired", "onboarding_link_used", "too_many_unknown_links")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/onboarding/o/{linkToken}/complete")] HttpRequest request,
        string linkToken)
    {
        LinkVisits.Protect(request);
        return pipeline.RunAsync<CompleteOnboarding>(request, async call =>
        {
            if (!visits.TryRead(call, linkToken, out var visit))
            {
                return LinkVisits.NotFound;
            }
            var link = await OnboardingVisits.FindAsync(database.AutoCommitPlatform(), visit, call.CancellationToken);
            if (LinkVisits.ProblemOf(link) is { } problem)
            {
                return problem;
            }
            return await CompleteAsync(link!, visit, call.CancellationToken) is { } completedAt
                ? ApiResults.Ok(
                    new CompletedOnboarding { Status = OnboardingLinkRules.Used, ProgressPercentage = 100, CompletedAt = completedAt },
                    "Onboarding completed successfully!")
                : await LinkVisits.ExplainAsync(database.AutoCommitPlatform(), visit, call.CancellationToken);
        });
    }

    private async Task<DateTime?> CompleteAsync(VisitedLink link, OnboardingVisit visit, CancellationToken cancellationToken)
    {
        await using var session = await database.WritePlatformAsync(cancellationToken);
        if (await OnboardingVisits.CompleteAsync(session, link, visit.Now, cancellationToken) is not { } completedAt)
        {
            return null;
        }
        // No user is signed in, so the entry has no actor. It has no IP address either, because the audit log would keep it forever; the
        // link's accesses have it for a limited time.
        await AuditLog.WriteAsync(session, new AuditEntry(
            "onboarding_link.completed", "onboarding_link", link.Id, link.OrganizationId, null, null, new DateTimeOffset(visit.Now), null,
            new { before = new { status = link.Status }, after = new { status = OnboardingLinkRules.Used } }), cancellationToken);
        await session.CommitAsync();
        return completedAt;
    }
}

public sealed record CompletedOnboarding
{
    /// <summary><c>used</c>.</summary>
    [AllowedValues("used")]
    public required string Status { get; init; }
    public required int ProgressPercentage { get; init; }
    public required DateTime CompletedAt { get; init; }
}
