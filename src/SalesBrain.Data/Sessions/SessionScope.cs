using SalesBrain.Core.Access;

namespace SalesBrain.Data.Sessions;

/// <summary>
/// What of the product a session reaches by its role: statements ask rows for these ids, as row-level security does behind them. Null = not
/// limited by it; platform sessions are not limited at all.
/// </summary>
public sealed record SessionScope(Guid? OrganizationId, Guid? AgencyId, Guid? ClientId)
{
    /// <summary>The scope of a session. An agency or client role without an agency or client sees nothing.</summary>
    public static SessionScope Of(DatabaseSession session)
    {
        if (session is not TenantSession { TenantContext: { } context })
        {
            return new(null, null, null);
        }
        var level = Roles.TryParse(context.Role, out var role) ? role.Level() : RoleLevel.Client;
        return new(
            context.OrganizationId,
            level == RoleLevel.Agency ? context.AgencyId ?? Guid.Empty : null,
            level == RoleLevel.Client ? context.ClientId ?? Guid.Empty : null);
    }
}
