using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Onboarding;

namespace SalesBrain.Functions.Onboarding.Links;

/// <summary>Shows one onboarding link with who opened it, for owners, admins and platform operators.</summary>
public sealed class GetOnboardingLink(RequestPipeline pipeline, OnboardingLinkResults results)
{
    [Function(nameof(GetOnboardingLink))]
    [Operation("Onboarding links", "Get an onboarding link", Description = "Includes the 100 most recent accesses.")]
    [Requires(Capability.ManageOnboardingLinks)]
    [Returns(200, typeof(OnboardingLinkDetails))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/onboarding/link/{linkId:guid}")] HttpRequest request,
        Guid linkId) =>
        pipeline.RunAsync<GetOnboardingLink>(request, async call =>
        {
            var session = call.Read();
            if (await OnboardingLinks.FindAsync(session, linkId, call.Now.UtcDateTime, call.CancellationToken) is not { } row)
            {
                return Problems.NotFound;
            }
            return ApiResults.Ok(
                new OnboardingLinkDetails(results.Of(row), await OnboardingLinks.GetAccessesAsync(session, row, call.CancellationToken)));
        });
}
