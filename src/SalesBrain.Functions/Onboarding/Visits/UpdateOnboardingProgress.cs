using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Onboarding;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Onboarding.Visits;

/// <summary>Records the onboarding progress of the visitor.</summary>
public sealed class UpdateOnboardingProgress(RequestPipeline pipeline, LinkVisits visits, SalesBrainDatabase database)
{
    [Function(nameof(UpdateOnboardingProgress))]
    [Operation("Onboarding", "Update the onboarding progress", Description =
        "Step and percentage only increase, so late or repeated requests lose nothing. The response contains the current "
        + "values. With allow_back they are set to the values sent.")]
    [Anyone(LinkVisits.WhoMayCall)]
    [Returns(200, typeof(OnboardingProgress))]
    [Problems("onboarding_link_revoked", "conflict", "onboarding_link_expired", "onboarding_link_used", "too_many_unknown_links")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/admin/onboarding/o/{linkToken}/progress")] HttpRequest request,
        string linkToken)
    {
        LinkVisits.Protect(request);
        return pipeline.RunAsync<UpdateOnboardingProgress, OnboardingProgressRequest>(request, async (call, input) =>
        {
            if (!visits.TryRead(call, linkToken, out var visit))
            {
                return LinkVisits.NotFound;
            }
            var session = database.AutoCommitPlatform();
            var link = await OnboardingVisits.FindAsync(session, visit, call.CancellationToken);
            if (LinkVisits.ProblemOf(link) is { } problem)
            {
                return problem;
            }
            if (input.CurrentStep > link!.TotalSteps)
            {
                return Problems.InvalidMember("current_step", $"must be from 1 to {link.TotalSteps}");
            }
            var progress = await OnboardingVisits.AdvanceAsync(
                session, link, input.CurrentStep, input.ProgressPercentage, input.AllowBack, visit.Now, call.CancellationToken);
            return progress is not null ? ApiResults.Ok(progress) : await LinkVisits.ExplainAsync(session, visit, call.CancellationToken);
        });
    }
}

public sealed record OnboardingProgressRequest
{
    /// <summary>From 1 to the link's total_steps.</summary>
    [Range(1, 50)]
    public required int CurrentStep { get; init; }

    [Range(0, 100)]
    public required int ProgressPercentage { get; init; }

    /// <summary>Allow step and percentage to decrease.</summary>
    public bool AllowBack { get; init; }
}
