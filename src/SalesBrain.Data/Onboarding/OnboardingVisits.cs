using System.Net;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Onboarding;

/// <summary>
/// Onboarding links for visitors, before the organization is known. Each look-up counts unknown tokens per IP address, in the same round
/// trip. An address with too many unknown tokens gets no further information. A link of a suspended organization behaves like an unknown
/// link: it is looked up, counted and answered in the same way, so that neither the response nor its time reveals it. Two differences
/// remain. A malformed token is refused without the database and therefore faster, which reveals only its format. An existing link takes
/// longer because its access is recorded, which its response reveals anyway.
/// </summary>
public static class OnboardingVisits
{
    private const string Find =
        "app.find_onboarding_link(@TokenHash, @ip::inet, @Now, @GuessLimit, make_interval(secs => @guessSeconds))";

    private const string Columns =
        "f.retry_after_seconds, f.id, f.organization_id, f.organization_name, f.template_name, f.welcome_message, f.status, "
        + "f.current_step, f.total_steps, f.progress_percentage";

    /// <summary>The link of a token; null if it does not exist.</summary>
    public static Task<VisitedLink?> FindAsync(PlatformSession session, OnboardingVisit visit, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<VisitedLink>($"select {Columns} from {Find} f", Arguments(visit), cancellationToken);

    /// <summary>Finds the link of a token and, if it is active, records the access. Null if it does not exist.</summary>
    public static Task<VisitedLink?> OpenAsync(
        PlatformSession session, OnboardingVisit visit, string kind, string? userAgent, CancellationToken cancellationToken)
    {
        var arguments = Arguments(visit);
        arguments["kind"] = kind;
        arguments["userAgent"] = userAgent;
        return session.QuerySingleOrDefaultAsync<VisitedLink>($"""
            select {Columns},
                case when f.status = 'active' then app.note_onboarding_link_access(@TokenHash, @ip::inet, @userAgent::text, @kind, @Now) end as tracked
            from {Find} f
            """, arguments, cancellationToken);
    }

    /// <summary>
    /// Updates the progress of an active link; null if it is no longer active. Step and percentage only increase, so that late or repeated
    /// requests lose nothing, unless going back is allowed.
    /// </summary>
    public static Task<OnboardingProgress?> AdvanceAsync(
        PlatformSession session, VisitedLink link, int currentStep, int progressPercentage, bool allowBack, DateTime now,
        CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<OnboardingProgress>("""
            update app.onboarding_link l set
                current_step = case when @allowBack then @currentStep else greatest(l.current_step, @currentStep) end,
                progress_percentage = case when @allowBack then @progressPercentage else greatest(l.progress_percentage, @progressPercentage) end,
                updated_at = @now
            where l.organization_id = @OrganizationId and l.id = @Id and l.status = 'active' and l.expires_at > @now
            returning l.current_step, l.total_steps, l.progress_percentage
            """, new { link.OrganizationId, link.Id, currentStep, progressPercentage, allowBack, now }, cancellationToken);

    /// <summary>
    /// Uses up an active link; returns when, or null when it isn't active any more, as for all but one of those who try at once.
    /// </summary>
    public static Task<DateTime?> CompleteAsync(
        PlatformSession session, VisitedLink link, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<DateTime?>("""
            update app.onboarding_link l set status = 'used', progress_percentage = 100, completed_at = @now, updated_at = @now
            where l.organization_id = @OrganizationId and l.id = @Id and l.status = 'active' and l.expires_at > @now
            returning l.completed_at
            """, new { link.OrganizationId, link.Id, now }, cancellationToken);

    private static Dictionary<string, object?> Arguments(OnboardingVisit visit) => new(StringComparer.Ordinal)
    {
        [nameof(visit.TokenHash)] = visit.TokenHash,
        // Without the scope id of a link-local address, which inet does not support.
        ["ip"] = visit.Address is null ? null : new IPAddress(visit.Address.GetAddressBytes()).ToString(),
        [nameof(visit.Now)] = visit.Now,
        [nameof(visit.GuessLimit)] = visit.GuessLimit,
        ["guessSeconds"] = visit.GuessPeriod.TotalSeconds,
    };
}

/// <summary>A visit with a token: its IP address, its time, and the limit of unknown tokens per address and period.</summary>
public sealed record OnboardingVisit(byte[] TokenHash, IPAddress? Address, DateTime Now, int GuessLimit, TimeSpan GuessPeriod);

/// <summary>A link as a visitor finds it, or nothing but how many seconds their address must wait.</summary>
public sealed record VisitedLink
{
    /// <summary>Set if the address has tried too many unknown tokens; then nothing else is set.</summary>
    public int? RetryAfterSeconds { get; init; }
    public Guid Id { get; init; }
    public Guid OrganizationId { get; init; }
    public string OrganizationName { get; init; } = "";
    public string TemplateName { get; init; } = "";
    public string WelcomeMessage { get; init; } = "";

    /// <summary>At the time of the visit.</summary>
    public string Status { get; init; } = "";
    public int CurrentStep { get; init; }
    public int TotalSteps { get; init; }
    public int ProgressPercentage { get; init; }
}

/// <summary>The progress of an onboarding.</summary>
public sealed record OnboardingProgress
{
    public int CurrentStep { get; init; }
    public int TotalSteps { get; init; }
    public int ProgressPercentage { get; init; }
}
