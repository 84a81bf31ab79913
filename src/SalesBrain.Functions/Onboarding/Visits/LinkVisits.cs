using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Onboarding;
using SalesBrain.Data.Onboarding;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Onboarding.Visits;

/// <summary>What the calls of a link's holder have in common: who asks for which link, and what a link that is not active answers.</summary>
public sealed class LinkVisits(IOptions<OnboardingOptions> options, TimeProvider clock)
{
    internal const string WhoMayCall = "anyone with the link";

    /// <summary>The same for every link that cannot be opened, whatever the reason.</summary>
    internal static Problem NotFound { get; } = Problems.NotFound.Because("Onboarding link not found");

    /// <summary>Keeps the secret in the URL out of referrers and search engines; the request pipeline keeps every answer out of caches.</summary>
    internal static void Protect(HttpRequest request)
    {
        var headers = request.HttpContext.Response.Headers;
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Robots-Tag"] = "noindex";
    }

    /// <summary>False for a text that no token can be, which is answered without asking the database.</summary>
    internal bool TryRead(Call call, string linkToken, [NotNullWhen(true)] out OnboardingVisit? visit)
    {
        visit = OnboardingTokens.Hash(linkToken) is { } hash
            ? new OnboardingVisit(hash, call.RemoteAddress, clock.GetUtcNow().UtcDateTime, options.Value.GuessLimit, options.Value.GuessPeriod)
            : null;
        return visit is not null;
    }

    /// <summary>Why a link that was active a moment ago could not be changed: whoever was first has revoked it, used it up, or it was marked expired.</summary>
    internal static async Task<Problem> ExplainAsync(PlatformSession session, OnboardingVisit visit, CancellationToken cancellationToken) =>
        ProblemOf(await OnboardingVisits.FindAsync(session, visit, cancellationToken))
            ?? Problems.Conflict.Because("Another request changed the link at the same time. Try again.");

    /// <summary>What the visitor is told instead; null for a link that is active.</summary>
    internal static Problem? ProblemOf(VisitedLink? link) => link switch
    {
        null => NotFound,
        { RetryAfterSeconds: { } seconds } => Problems.TooManyUnknownLinks with { RetryAfterSeconds = seconds },
        { Status: OnboardingLinkRules.Revoked } => Problems.OnboardingLinkRevoked,
        { Status: OnboardingLinkRules.Used } => Problems.OnboardingLinkUsed,
        { Status: OnboardingLinkRules.Expired } => Problems.OnboardingLinkExpired,
        _ => null,
    };
}
