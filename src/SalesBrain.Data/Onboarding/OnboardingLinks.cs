using SalesBrain.Core.Onboarding;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Onboarding;

/// <summary>
/// Onboarding links for administrators. The status is computed for the given time, see <c>app.onboarding_link_status</c>.
/// </summary>
public static class OnboardingLinks
{
    private const string Status = "app.onboarding_link_status(l.status, l.expires_at, @now)";

    private const string Columns =
        "l.id, l.organization_id, o.name as organization_name, l.token_sealed, l.template_id, l.template_name, l.welcome_message, "
        + $"{Status} as status, l.expires_at, l.clicks_count, l.first_accessed_at, l.last_accessed_at, l.completed_at, l.current_step, "
        + "l.total_steps, l.progress_percentage, l.revoked_at, l.revoked_by, l.revoked_reason, l.created_by, u.email as created_by_email, "
        + "u.first_name as created_by_first_name, u.last_name as created_by_last_name, l.created_at, l.updated_at";

    /// <summary>Row-level security shows a tenant no platform operator: their links have a creator without a name.</summary>
    private const string Tables = """
        app.onboarding_link l
        join app.organization o on o.id = l.organization_id
        left join app.user u on u.id = l.created_by
        """;

    /// <summary>The links that match, newest first, and how many match in all.</summary>
    public static Task<(List<OnboardingLinkRow> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, OnboardingLinkFilter filter, DateTime now, NewestFirstPage page, CancellationToken cancellationToken) =>
        NewestFirstSql.ReadAsync<OnboardingLinkRow>(session, ListStatement(SessionScope.Of(session), filter, now, page), cancellationToken);

    internal static Statement ListStatement(SessionScope scope, OnboardingLinkFilter filter, DateTime now, NewestFirstPage page)
    {
        const string Matches = $"""
            (@org::uuid is null or l.organization_id = @org) and (@OrganizationId::uuid is null or l.organization_id = @OrganizationId)
            and (@Status::text is null or {Status} = @Status) and (@CreatedBy::uuid is null or l.created_by = @CreatedBy)
            and (@search::text is null or strpos(
                app.search_text(concat_ws(e'\n', o.name, l.template_name, u.email, concat_ws(' ', u.first_name, u.last_name))), @search) > 0)
            """;
        var list = new NewestFirstSql("l");
        return new(
            $"""
            select {Columns}
            from {Tables}
            where {Matches}
            and {list.IsAfterCursor}
            {list.Order}
            {list.Limit};

            {NewestFirstSql.Count(Tables, Matches)}
            """,
            new
            {
                org = scope.OrganizationId,
                now,
                filter.OrganizationId,
                filter.Status,
                filter.CreatedBy,
                search = SearchTerm.Of(filter.Search)?.Text,
            },
            list.Parameters(page));
    }

    /// <summary>One link; null if it does not exist.</summary>
    public static Task<OnboardingLinkRow?> FindAsync(
        DatabaseSession session, Guid linkId, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<OnboardingLinkRow>($"""
            select {Columns}
            from {Tables}
            where l.id = @linkId and (@org::uuid is null or l.organization_id = @org)
            """, new { linkId, org = session.OrganizationId, now }, cancellationToken);

    /// <summary>Locks one link until the transaction ends; null if it does not exist.</summary>
    public static Task<OnboardingLinkRow?> LockAsync(
        DatabaseSession session, Guid linkId, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<OnboardingLinkRow>($"""
            select {Columns}
            from {Tables}
            where l.id = @linkId and (@org::uuid is null or l.organization_id = @org)
            for no key update of l
            """, new { linkId, org = session.OrganizationId, now }, cancellationToken);

    /// <summary>The accesses of a link that are kept, newest first: at most 100.</summary>
    public static Task<List<OnboardingAccessRow>> GetAccessesAsync(
        DatabaseSession session, OnboardingLinkRow link, CancellationToken cancellationToken) =>
        session.QueryAsync<OnboardingAccessRow>("""
            select abbrev(a.ip) as ip, a.user_agent, a.kind, a.at
            from app.onboarding_link_access a
            where a.organization_id = @OrganizationId and a.link_id = @Id
            order by a.at desc, a.id desc
            """, new { link.OrganizationId, link.Id }, cancellationToken);

    /// <summary>Adds a link; false when its organization does not exist.</summary>
    public static async Task<bool> AddAsync(DatabaseSession session, NewOnboardingLink link, CancellationToken cancellationToken) =>
        await session.ExecuteAsync("""
            insert into app.onboarding_link (
                id, organization_id, token_hash, token_sealed, template_name, welcome_message, expires_at, total_steps, created_by, created_at, updated_at)
            select @Id, o.id, @TokenHash, @TokenSealed, @TemplateName, @WelcomeMessage, @ExpiresAt, @TotalSteps, @CreatedBy, @CreatedAt, @CreatedAt
            from app.organization o
            where o.id = @OrganizationId
            """, link, cancellationToken) == 1;

    /// <summary>Ends a locked link.</summary>
    public static Task RevokeAsync(
        DatabaseSession session, OnboardingLinkRow link, string reason, Guid revokedBy, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.onboarding_link l set
                status = 'revoked', revoked_at = @now, revoked_by = @revokedBy, revoked_reason = @reason, updated_at = @now
            where l.organization_id = @OrganizationId and l.id = @Id
            """, new { link.OrganizationId, link.Id, reason, revokedBy, now }, cancellationToken);

    /// <summary>Sets the expiry of a locked link, and makes an expired link active again.</summary>
    public static Task ExtendAsync(
        DatabaseSession session, OnboardingLinkRow link, DateTime expiresAt, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.onboarding_link l set status = 'active', expires_at = @expiresAt, updated_at = @now
            where l.organization_id = @OrganizationId and l.id = @Id
            """, new { link.OrganizationId, link.Id, expiresAt, now }, cancellationToken);
}

/// <summary>
/// Which links; null = whichever. The search is part of the organization's, template's or creator's name or the creator's e-mail address.
/// </summary>
public sealed record OnboardingLinkFilter(Guid? OrganizationId, string? Status, Guid? CreatedBy, string? Search);

/// <summary>A link. Its token is sealed for its organization and <see cref="OnboardingTokens.Purpose"/>.</summary>
public sealed record OnboardingLinkRow : INewestFirstRow
{
    public Guid Id { get; init; }
    public Guid OrganizationId { get; init; }
    public string OrganizationName { get; init; } = "";
    public byte[] TokenSealed { get; init; } = [];
    public Guid? TemplateId { get; init; }
    public string TemplateName { get; init; } = "";
    public string WelcomeMessage { get; init; } = "";

    /// <summary>At the time that was asked for.</summary>
    public string Status { get; init; } = "";
    public DateTime ExpiresAt { get; init; }
    public int ClicksCount { get; init; }
    public DateTime? FirstAccessedAt { get; init; }
    public DateTime? LastAccessedAt { get; init; }
    public DateTime? CompletedAt { get; init; }
    public int CurrentStep { get; init; }
    public int TotalSteps { get; init; }
    public int ProgressPercentage { get; init; }
    public DateTime? RevokedAt { get; init; }
    public Guid? RevokedBy { get; init; }
    public string? RevokedReason { get; init; }
    public Guid? CreatedBy { get; init; }
    public string? CreatedByEmail { get; init; }
    public string? CreatedByFirstName { get; init; }
    public string? CreatedByLastName { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime UpdatedAt { get; init; }
}

/// <summary>One time that a link was opened. The address is whole for 30 days, then its network such as <c>192.0.2.0/24</c>.</summary>
public sealed record OnboardingAccessRow
{
    public string? Ip { get; init; }
    public string? UserAgent { get; init; }

    /// <summary><see cref="LinkVisitorRules.Open"/> or <see cref="LinkVisitorRules.Prefetch"/>.</summary>
    public string Kind { get; init; } = "";
    public DateTime At { get; init; }
}

/// <summary>A link to be added.</summary>
public sealed record NewOnboardingLink
{
    public required Guid Id { get; init; }
    public required Guid OrganizationId { get; init; }
    public required byte[] TokenHash { get; init; }
    public required byte[] TokenSealed { get; init; }
    public required string TemplateName { get; init; }
    public required string WelcomeMessage { get; init; }
    public required DateTime ExpiresAt { get; init; }
    public required int TotalSteps { get; init; }
    public Guid? CreatedBy { get; init; }
    public required DateTime CreatedAt { get; init; }
}
