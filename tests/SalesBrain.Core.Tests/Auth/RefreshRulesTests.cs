using SalesBrain.Core.Auth;

namespace SalesBrain.Core.Tests.Auth;

public sealed class RefreshRulesTests
{
    private static readonly DateTime Now = new(2026, 1, 15, 12, 0, 0, DateTimeKind.Utc);
    private static readonly RefreshTokenRow Fresh = new()
    {
        ExpiresAt = Now.AddDays(1),
        FamilyCreatedAt = Now.AddDays(-1),
        Status = "active",
    };

    [Fact]
    public void Token_that_is_used_for_the_first_time_is_exchanged() =>
        Assert.Equal(RefreshDecision.Exchange, RefreshRules.Decide(Fresh, Now));

    [Fact]
    public void Unknown_token_is_refused() => Assert.Equal(RefreshDecision.Refuse, RefreshRules.Decide(null, Now));

    [Theory]
    [InlineData(0, false, RefreshDecision.ExchangeAgain)]
    [InlineData(30, false, RefreshDecision.ExchangeAgain)]
    [InlineData(30.001, false, RefreshDecision.EndSession)]
    [InlineData(0, true, RefreshDecision.EndSession)]
    [InlineData(86400, false, RefreshDecision.EndSession)]
    public void Token_that_was_used_is_taken_again_for_a_moment_and_until_its_child_is_used(
        double secondsAgo, bool childUsed, RefreshDecision expected) =>
        Assert.Equal(expected, RefreshRules.Decide(Fresh with { RotatedAt = Now.AddSeconds(-secondsAgo), ChildRotated = childUsed }, Now));

    /// <summary>Nothing is said of a session that is over by a token that is: whether used or not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Over_is_over_whether_or_not_it_was_used(bool used)
    {
        var token = used ? Fresh with { RotatedAt = Now.AddDays(-1) } : Fresh;

        Assert.Equal(RefreshDecision.Refuse, RefreshRules.Decide(token with { FamilyRevokedAt = Now.AddSeconds(-1) }, Now));
        Assert.Equal(RefreshDecision.Refuse, RefreshRules.Decide(token with { ExpiresAt = Now }, Now));
        Assert.Equal(RefreshDecision.Refuse, RefreshRules.Decide(token with { Status = "disabled" }, Now));
        Assert.Equal(RefreshDecision.Refuse, RefreshRules.Decide(token with { Status = "invited" }, Now));
    }

    [Theory]
    [InlineData(0, 14)]
    [InlineData(46, 60)]
    [InlineData(46.5, 60)]
    [InlineData(59, 60)]
    public void Expiry_slides_by_fourteen_days_up_to_sixty_after_the_sign_in(double day, double expires) =>
        Assert.Equal(Now.AddDays(expires), RefreshRules.ExpiresAt(Now, Now.AddDays(day)));
}
