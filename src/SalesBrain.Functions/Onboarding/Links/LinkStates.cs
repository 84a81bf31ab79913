using SalesBrain.Core.Onboarding;

namespace SalesBrain.Functions.Onboarding.Links;

/// <summary>Why a link can no longer be changed.</summary>
internal static class LinkStates
{
    /// <summary>The problem that names the state; null for a link that is active or expired.</summary>
    internal static Problem? ProblemOf(string status) => status switch
    {
        OnboardingLinkRules.Revoked => Problems.OnboardingLinkAlreadyRevoked,
        OnboardingLinkRules.Used => Problems.OnboardingLinkAlreadyUsed,
        _ => null,
    };
}
