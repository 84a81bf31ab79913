using SalesBrain.Core.Crm;

namespace SalesBrain.Core.Tests.Crm;

public sealed class CampaignStatusRulesTests
{
    [Fact]
    public void Status_changes_only_along_the_life_of_a_campaign()
    {
        var possible = from before in Enum.GetValues<CampaignStatus>()
                       from after in Enum.GetValues<CampaignStatus>()
                       where before != after && CampaignStatusRules.MayChange(before, after)
                       select $"{before} {after}";

        Assert.Equal(
            ["Draft Active", "Draft Archived", "Active Paused", "Active Completed", "Paused Active", "Paused Completed", "Completed Archived"],
            possible);
        Assert.All(Enum.GetValues<CampaignStatus>(), status => Assert.True(CampaignStatusRules.MayChange(status, status)));
    }
}
