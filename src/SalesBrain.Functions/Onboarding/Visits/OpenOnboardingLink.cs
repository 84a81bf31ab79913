using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Onboarding;
using SalesBrain.Data.Onboarding;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Onboarding.Visits;

/// <summary>Returns the onboarding of a link. Opening a link does not use it up, so link-preview programs do no harm.</summary>
public sealed class OpenOnboardingLink(RequestPipeline pipeline, LinkVisits visits, SalesBrainDatabase database)
{
    [Function(nameof(OpenOnboardingLink))]
    [Operation("Onboarding", "Open an onboarding link", Description =
        "Counts as an access. HEAD requests and requests of link-preview programs do not count as clicks. Opening a link does "
        + "not use it up.")]
    [Anyone(LinkVisits.WhoMayCall)]
    [Returns(200, typeof(OnboardingWelcome))]
    [Problems("onboarding_link_revoked", "onboarding_link_expired", "onboarding_link_used", "too_many_unknown_links")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/admin/onboarding/o/{linkToken}")] HttpRequest request,
        string linkToken)
    {
        LinkVisits.Protect(request);
        return pipeline.RunAsync<OpenOnboardingLink>(request, async call =>
        {
            if (!visits.TryRead(call, linkToken, out var visit))
            {
                return LinkVisits.NotFound;
            }
            var userAgent = request.Headers.UserAgent.ToString();
            var kind = LinkVisitorRules.KindOf(request.Method, userAgent);
            var link = await OnboardingVisits.OpenAsync(
                database.AutoCommitPlatform(), visit, kind, userAgent.Length == 0 ? null : userAgent, call.CancellationToken);
            return LinkVisits.ProblemOf(link) is { } problem ? problem : ApiResults.Ok(OnboardingWelcome.Of(link!));
        });
    }
}

/// <summary>What the visitor of an onboarding link sees.</summary>
public sealed record OnboardingWelcome
{
    public required string OrganizationName { get; init; }
    public required string WelcomeMessage { get; init; }
    public required int TotalSteps { get; init; }
    public required int CurrentStep { get; init; }
    public required int ProgressPercentage { get; init; }
    public required string TemplateName { get; init; }

    internal static OnboardingWelcome Of(VisitedLink link) => new()
    {
        OrganizationName = link.OrganizationName,
        WelcomeMessage = link.WelcomeMessage,
        TotalSteps = link.TotalSteps,
        CurrentStep = link.CurrentStep,
        ProgressPercentage = link.ProgressPercentage,
        TemplateName = link.TemplateName,
    };
}
