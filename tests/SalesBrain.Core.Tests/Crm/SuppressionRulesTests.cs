using SalesBrain.Core.Crm;

namespace SalesBrain.Core.Tests.Crm;

public sealed class SuppressionRulesTests
{
    [Theory]
    [InlineData("none", "none", "none")]
    [InlineData("none", "bounced", "bounced")]
    [InlineData("bounced", "manual", "manual")]
    [InlineData("manual", "unsubscribed", "unsubscribed")]
    [InlineData("bounced", "unsubscribed", "unsubscribed")]
    public void Stricter_one_wins_in_either_order(string one, string other, string expected)
    {
        Assert.Equal(expected, SuppressionRules.Stricter(one, other));
        Assert.Equal(expected, SuppressionRules.Stricter(other, one));
    }

    [Theory]
    [InlineData("unsubscribed", "none", true)]
    [InlineData("unsubscribed", "manual", true)]
    [InlineData("unsubscribed", "unsubscribed", false)]
    [InlineData("bounced", "none", false)]
    [InlineData("none", "manual", false)]
    public void Only_an_unsubscription_is_the_persons_own(string current, string wanted, bool expected) =>
        Assert.Equal(expected, SuppressionRules.EndsUnsubscription(current, wanted));
}
