using SalesBrain.Core.Access;
using SalesBrain.Data.Organizations;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Organizations;

/// <summary>Finds and locks a user before a change.</summary>
internal static class ManagedUser
{
    /// <summary>
    /// Locks the user, or returns why the caller cannot change them: 404 if the caller cannot see the user, 403 if the caller cannot grant
    /// the user's role.
    /// </summary>
    internal static async Task<(User? User, Problem? Problem)> LockAsync(
        DatabaseSession session, Caller caller, Guid userId, CancellationToken cancellationToken)
    {
        if (await Users.FindAsync(session, userId, cancellationToken) is not { } seen)
        {
            return (null, Problems.NotFound);
        }
        // Row-level security locks only rows that the session can change. The row can also have changed between reading and locking.
        return RoleRules.MayGrant(caller.Scope, seen.Scope)
            && await Users.LockAsync(session, userId, cancellationToken) is { } locked && RoleRules.MayGrant(caller.Scope, locked.Scope)
            ? (locked, null)
            : (null, Problems.Forbidden.Because("Your role cannot change this user."));
    }
}
