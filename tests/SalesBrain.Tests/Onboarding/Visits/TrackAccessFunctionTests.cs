using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Onboarding.Visits;

/// <summary><c>app.track_onboarding_link_access</c>, called by hand.</summary>
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

        var state = await app.StateOfAsync(link);
        Assert.Equal((1, 1), (state.ClicksCount, state.Accesses));
        Assert.Equal(
            ("192.0.2.1", "Firefox", "open"),
            await app.QuerySingleAsync<(string, string, string)>("select host(ip), user_agent, kind from app.onboarding_link_access where link_id = @Id", new { link.Id }));
    }

    private Task<bool> TrackAsync(string token) => app.QuerySingleAsync<bool>(
        $"select app.track_onboarding_link_access('{token}', '192.0.2.1', 'Firefox')");
}
