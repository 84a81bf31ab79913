using SalesBrain.Core.Access;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Crm;

/// <summary>Users whom leads may be assigned to.</summary>
public static class LeadAssignees
{
    /// <summary>
    /// The user with the id or the normalized e-mail address; null if the session can see none. Without platform operators.
    /// </summary>
    public static Task<AssignableUser?> FindAsync(
        DatabaseSession session, Guid? userId, string? emailNorm, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<AssignableUser>("""
            select u.id, u.organization_id, u.role, u.agency_id, u.client_id, u.status
            from app.user u
            where (u.id = @userId or u.email_norm = @emailNorm) and u.organization_id is not null
                and (@org::uuid is null or u.organization_id = @org)
            """, new { userId, emailNorm, org = session.OrganizationId }, cancellationToken);
}

/// <summary>A user, as far as it matters for assigning leads.</summary>
public sealed record AssignableUser
{
    public Guid Id { get; init; }
    public Guid OrganizationId { get; init; }
    public string Role { get; init; } = "";
    public Guid? AgencyId { get; init; }
    public Guid? ClientId { get; init; }
    public string Status { get; init; } = "";

    /// <summary>The role and its scope. Throws <see cref="InvalidOperationException"/> if it is not one of <see cref="Roles"/>.</summary>
    public RoleScope Scope => Roles.TryParse(Role, out var role)
        ? new(role, OrganizationId, AgencyId, ClientId)
        : throw new InvalidOperationException($"User {Id} has the unknown role {Role}.");
}
