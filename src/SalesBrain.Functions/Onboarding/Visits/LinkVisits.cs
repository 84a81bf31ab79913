using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Onboarding;
using SalesBrain.Data.Onboarding;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Onboarding.Visits;

/// <summary>
/// What the calls of a link's holder have in common: who asks for which link, and the problem of a link that is not active.
/// </summary>
public sealed class LinkVisits(IOptions<OnboardingOptions> options)
{
    internal const string WhoMayCall = "anyone with the link";

    /// <summary>The same response for every link that cannot be found, whatever the reason.</summary>
    internal static Problem NotFound { get; } = Problems.NotFound.Because("Onboarding link not found");

    /// <summary>Keeps the secret URL out of referrers and search engines. The request pipeline prevents caching of all responses.</summary>
    internal static void Protect(HttpRequest request)
    {
        var headers = request.HttpContext.Response.Headers;
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Robots-Tag"] = "noindex";
    }

    /// <summary>False if the text cannot be a token; no database look-up is needed then.</summary>
    internal bool TryRead(Call call, string linkToken, [NotNullWhen(true)] out OnboardingVisit? visit)
    {
        visit = OnboardingTokens.Hash(linkToken) is { } hash
            ? new OnboardingVisit(hash, call.RemoteAddress, call.Now.UtcDateTime, options.Value.GuessLimit, options.Value.GuessPeriod)
            : null;
        return visit is not null;
    }

    /// <summary>Why a link that was active a moment ago could not be changed: it has been revoked, used or marked as expired.</summary>
    internal static async Task<Problem> ExplainAsync(PlatformSession session, OnboardingVisit visit, CancellationToken cancellationToken) =>
        ProblemOf(await OnboardingVisits.FindAsync(session, visit, cancellationToken))
            ?? Problems.Conflict.Because("Another request changed the link at the same time. Try again.");

    /// <summary>The problem for a link that is not active; null for an active link.</summary>
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
