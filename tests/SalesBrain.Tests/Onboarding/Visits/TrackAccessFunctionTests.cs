using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Onboarding.Visits;

/// <summary>Calls <c>app.track_onboarding_link_access</c> directly.</summary>
public sealed class TrackAccessFunctionTests(TestApp app)
{
    [Fact]
    public async Task It_counts_a_click_and_says_whether_there_was_an_active_link()
    {
        var link = await app.CreateOnboardingLinkAsync();

        Assert.True(await TrackAsync(link.Token));
        Assert.False(await TrackAsync(OnboardingWorld.UnknownToken()));
        await app.RevokeAsync(link);
        Assert.False(await TrackAsync(link.Token));

        Assert.Equivalent(new { ClicksCount = 1, Accesses = 1 }, await app.StateOfAsync(link));
        var access = await app.QuerySingleJsonAsync(
            "select host(ip) as ip, user_agent, kind from app.onboarding_link_access where link_id = @Id", new { link.Id });
        access.AssertIncludes(new { Ip = "192.0.2.1", UserAgent = "Firefox", Kind = "open" });
    }

    private Task<bool> TrackAsync(string token) => app.QuerySingleAsync<bool>(
        $"select app.track_onboarding_link_access('{token}', '192.0.2.1', 'Firefox')");
}
