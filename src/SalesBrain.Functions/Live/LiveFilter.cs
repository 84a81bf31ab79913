using SalesBrain.Core.Access;
using SalesBrain.Core.Live;

namespace SalesBrain.Functions.Live;

/// <summary>What a client listens to.</summary>
internal sealed record LiveFilter(Caller Caller, IReadOnlySet<LiveChannel> Channels, Guid? OrganizationId, Guid? CampaignId, Guid? JobId)
{
    private readonly RoleScope _scope = Caller.Scope;

    /// <summary>The organization whose events can concern the client; null for all.</summary>
    internal Guid? Organization => Caller.OrganizationId ?? OrganizationId;

    /// <summary>Whether the client asked for the event and may see it.</summary>
    internal bool Takes(ToldEvent told) => Takes(told.Channel, told.Change);

    /// <inheritdoc cref="Takes(ToldEvent)"/>
    internal bool Takes(LiveChannel channel, LiveChange change)
    {
        var about = channel.About();
        return Channels.Contains(channel)
            && (CampaignId is null || !about.AboutCampaigns || change.CampaignId == CampaignId)
            && (JobId is null || !about.AboutJobs || change.EntityId == JobId)
            && LiveAudience.Sees(_scope, Caller.UserId, change);
    }
}
