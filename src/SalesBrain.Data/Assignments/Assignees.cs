using System.ComponentModel.DataAnnotations;
using SalesBrain.Core.Access;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Assignments;

/// <summary>Users that campaigns and contacts can be assigned to.</summary>
public static class Assignees
{
    /// <summary>The users that match, newest first, with how many campaigns and contacts each has now, and how many match in all.</summary>
    public static Task<(List<AssigneeRow> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, AssigneeFilter filter, NewestFirstPage page, CancellationToken cancellationToken) =>
        NewestFirstSql.ReadAsync<AssigneeRow>(session, ListStatement(SessionScope.Of(session), filter, page), cancellationToken);

    internal static Statement ListStatement(SessionScope scope, AssigneeFilter filter, NewestFirstPage page)
    {
        const string Matches = """
            (@org::uuid is null or u.organization_id = @org) and (@OrganizationId::uuid is null or u.organization_id = @OrganizationId)
            and (@Role::text is null or u.role = @Role) and (@Status::text is null or u.status = @Status)
            and (@search::text is null or strpos(u.search_text, @search) > 0)
            """;
        var list = new NewestFirstSql("u");
        // The counts are taken of the page's users only.
        return new(
            $"""
            select u.*, app.get_user_campaign_count(u.id) as campaigns_count, app.get_user_contact_count(u.id) as contacts_count
            from (
                select u.id, u.organization_id, u.email, u.first_name, u.last_name, u.role, u.agency_id, u.client_id, u.status, u.last_sign_in_at,
                    u.created_at
                from app.user u
                where {Matches}
                and {list.IsAfterCursor}
                {list.Order}
                {list.Limit}
            ) u
            {list.Order};

            {NewestFirstSql.Count("app.user u", Matches)}
            """,
            new
            {
                org = scope.OrganizationId,
                filter.OrganizationId,
                filter.Role,
                filter.Status,
                search = SearchTerm.Of(filter.Search)?.Text,
            },
            list.Parameters(page));
    }

    /// <summary>
    /// One user of an organization (null for any organization that the session can see), excluding platform operators. Null if there is
    /// none.
    /// </summary>
    public static Task<Assignee?> FindAsync(
        DatabaseSession session, Guid userId, Guid? organizationId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Assignee>("""
            select u.id, u.organization_id, u.status
            from app.user u
            where u.id = @userId and (@org::uuid is null or u.organization_id = @org)
                and (@organizationId::uuid is null or u.organization_id = @organizationId) and u.organization_id is not null
            """, new { userId, organizationId, org = session.OrganizationId }, cancellationToken);
}

/// <summary>Which users; null = whichever. The search is a <see cref="SearchTerm"/>.</summary>
public sealed record AssigneeFilter(Guid? OrganizationId, string? Role, string? Status, string? Search);

/// <summary>The data of a user that assignments need.</summary>
public sealed record Assignee
{
    public Guid Id { get; init; }
    public Guid OrganizationId { get; init; }
    public string Status { get; init; } = "";
}

/// <summary>A user with how much is assigned to them.</summary>
public sealed record AssigneeRow : INewestFirstRow
{
    public Guid Id { get; init; }

    /// <summary>Null for platform operators.</summary>
    public Guid? OrganizationId { get; init; }
    public string Email { get; init; } = "";
    public string? FirstName { get; init; }
    public string? LastName { get; init; }

    [CanonicalRole]
    public string Role { get; init; } = "";
    public Guid? AgencyId { get; init; }
    public Guid? ClientId { get; init; }

    [AllowedValues("active", "invited", "disabled")]
    public string Status { get; init; } = "";
    public DateTime? LastSignInAt { get; init; }
    public DateTime CreatedAt { get; init; }

    /// <summary>Number of campaigns currently assigned.</summary>
    public int CampaignsCount { get; init; }

    /// <summary>Number of contacts currently assigned.</summary>
    public int ContactsCount { get; init; }
}
