using SalesBrain.Core.Access;

namespace SalesBrain.Core.Live;

/// <summary>
/// Who sees an event. The policies of <c>app.live_event</c> say the same; a test compares the two for every role. Streams are filtered here, because
/// one statement reads the events of all of them.
/// </summary>
public static class LiveAudience
{
    /// <summary>
    /// Whether a user sees the event. Platform operators see everything but what is another person's own.
    /// </summary>
    public static bool Sees(RoleScope scope, Guid userId, LiveChange change)
    {
        if (change.IsPersonal)
        {
            return change.UserId == userId && (scope.OrganizationId is null || scope.OrganizationId == change.OrganizationId);
        }
        return scope.Role.Level() switch
        {
            RoleLevel.Platform => true,
            _ when scope.OrganizationId != change.OrganizationId => false,
            RoleLevel.Organization => true,
            RoleLevel.Agency when scope.AgencyId is { } agency && change.AgencyId == agency => true,
            RoleLevel.Client when scope.ClientId is { } client && change.ClientId == client => true,
            _ => change.UserId == userId,
        };
    }
}
