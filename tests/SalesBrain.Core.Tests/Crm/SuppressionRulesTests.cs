using SalesBrain.Core.Crm;

namespace SalesBrain.Core.Tests.Crm;

public sealed class SuppressionRulesTests
{
    [Theory]
    [InlineData("unsubscribed", "none", true)]
    [InlineData("unsubscribed", "manual", true)]
    [InlineData("unsubscribed", "unsubscribed", false)]
    [InlineData("bounced", "none", false)]
    [InlineData("none", "manual", false)]
    public void Only_an_unsubscription_is_the_persons_own(string current, string wanted, bool expected) =>
        Assert.Equal(expected, SuppressionRules.EndsUnsubscription(current, wanted));
}
