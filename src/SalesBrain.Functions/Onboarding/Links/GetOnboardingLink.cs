using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Identity;
using SalesBrain.Data.Onboarding;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Onboarding.Links;

/// <summary>Shows one onboarding link with who opened it, for owners, admins and platform operators.</summary>
public sealed class GetOnboardingLink(FrontDoor frontDoor, OnboardingLinkAnswers answers, TimeProvider clock)
{
    [Function(nameof(GetOnboardingLink))]
    [Endpoint("Onboarding links", "One onboarding link, with the newest 100 times it was opened")]
    [Requires(Capability.ManageOnboardingLinks)]
    [Answers(200, typeof(OnboardingLinkDetails))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/onboarding/link/{linkId:guid}")] HttpRequest request,
        Guid linkId, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<GetOnboardingLink>(request, async (call, token) =>
        {
            var session = call.Read();
            if (await OnboardingLinks.FindAsync(session, linkId, clock.GetUtcNow().UtcDateTime, token) is not { } row)
            {
                return Problems.NotFound;
            }
            return Answer.Ok(new OnboardingLinkDetails(answers.Of(row), await OnboardingLinks.GetAccessesAsync(session, row, token)));
        }, cancellationToken);
}
