using SalesBrain.Core.Onboarding;

namespace SalesBrain.Core.Tests.Onboarding;

public sealed class OnboardingLinkRulesTests
{
    private static readonly DateTime Now = new(2026, 3, 28, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Extended_link_is_never_expired_still_and_never_loses_time()
    {
        for (var hours = -24 * 400; hours <= 24 * 400; hours += 7)
        {
            for (var days = 1; days <= 365; days += 13)
            {
                var old = Now.AddHours(hours);
                var extended = OnboardingLinkRules.Extend(old, Now, days);
                Assert.Equal(TimeSpan.FromDays(days), extended - (old > Now ? old : Now));
                Assert.Equal(DateTimeKind.Utc, extended.Kind);
            }
        }
    }
}
