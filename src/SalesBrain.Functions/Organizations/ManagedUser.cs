using SalesBrain.Core.Access;
using SalesBrain.Data.Organizations;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Organizations;

/// <summary>A user whom somebody is about to change.</summary>
internal static class ManagedUser
{
    /// <summary>
    /// Locks the user, or says why the caller may not change them: 404 for whom the caller does not see, 403 for whom the caller sees and whose
    /// role they could not have given.
    /// </summary>
    internal static async Task<(User? User, Problem? Problem)> LockAsync(
        DatabaseSession session, Caller caller, Guid userId, CancellationToken cancellationToken)
    {
        if (await Users.FindAsync(session, userId, cancellationToken) is not { } seen)
        {
            return (null, Problems.NotFound);
        }
        // Row-level security locks only what the session may change; and what was seen may have changed until it is locked.
        return RoleRules.MayGrant(caller.Scope, seen.Scope)
            && await Users.LockAsync(session, userId, cancellationToken) is { } locked && RoleRules.MayGrant(caller.Scope, locked.Scope)
            ? (locked, null)
            : (null, Problems.Forbidden.Because("Your role cannot change this user."));
    }
}
