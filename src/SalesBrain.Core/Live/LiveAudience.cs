using SalesBrain.Core.Access;

namespace SalesBrain.Core.Live;

/// <summary>
/// Who sees an event. The policies of <c>app.live_event</c> say the same; a test compares the two for every role. Streams are filtered
/// here, because one statement reads the events of all of them.
/// </summary>
public static class LiveAudience
{
    /// <summary>Roles that read the organization, those of the agency or client, and the user.</summary>
    public const string Readers = "readers";

    /// <summary>Only the user.</summary>
    public const string Person = "person";

    /// <summary>Whoever can read the import job.</summary>
    public const string Job = "job";

    /// <summary>Whoever can read the data source. Those of the whole organization are also its agencies'.</summary>
    public const string DataSource = "data_source";

    /// <summary>Whoever can read the conversation: agents their own and those that nobody has, their supervisors all.</summary>
    public const string Conversation = "conversation";

    /// <summary>Every audience.</summary>
    public static IReadOnlyList<string> All { get; } = [Readers, Person, Job, DataSource, Conversation];

    /// <summary>
    /// Whether a user sees the event. Platform operators see everything but what is another person's own. Nobody sees events of an unknown
    /// audience.
    /// </summary>
    public static bool Sees(RoleScope scope, Guid userId, LiveChange change)
    {
        var level = scope.Role.Level();
        if (level != RoleLevel.Platform && scope.OrganizationId != change.OrganizationId)
        {
            return false;
        }
        var isAgencys = level == RoleLevel.Agency && scope.AgencyId is not null && change.AgencyId == scope.AgencyId;
        return change.Audience switch
        {
            Person => change.UserId == userId,
            Job or DataSource or Readers or Conversation when level == RoleLevel.Platform => true,
            Job => isAgencys || (level == RoleLevel.Organization && scope.Role.Can(Capability.ReadDataSources)),
            DataSource => isAgencys || (level == RoleLevel.Agency && change.AgencyId is null)
                || (level == RoleLevel.Organization && scope.Role.Can(Capability.ReadDataSources)),
            Conversation => scope.Role.Can(Capability.ReadConversations)
                && (scope.Role != Role.Agent || change.UserId is null || change.UserId == userId),
            Readers => (level == RoleLevel.Organization && !scope.Role.IsAgent()) || isAgencys || change.UserId == userId
                || (level == RoleLevel.Client && scope.ClientId is not null && change.ClientId == scope.ClientId),
            _ => false,
        };
    }
}
