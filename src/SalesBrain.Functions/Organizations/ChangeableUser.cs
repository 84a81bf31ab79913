using SalesBrain.Core.Access;
using SalesBrain.Data.Organizations;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Organizations;

/// <summary>A user whom the caller may change.</summary>
internal static class ChangeableUser
{
    /// <summary>
    /// Locks the user, or returns why the caller may not change them: 404 when the caller does not see the user, 403 when the caller sees
    /// the user and may not give the user's role.
    /// </summary>
    internal static async Task<(User? User, Problem? Problem)> LockAsync(Call call, DatabaseSession session, Guid userId)
    {
        // Row-level security locks only what the session may change.
        var (locked, isVisible) = await Users.LockAsync(session, userId, call.CancellationToken);
        if (locked is not null && RoleRules.MayGrant(call.Caller.Scope, locked.Scope))
        {
            return (locked, null);
        }
        return (null, isVisible ? Problems.Forbidden.Because("Your role may not change this user.") : Problems.NotFound);
    }
}
