using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Onboarding.Links;

[Collection(OnboardingApp.Collection)]
public sealed class GetOnboardingLinkTests(OnboardingApp app)
{
    [Fact]
    public async Task Link_is_returned_with_its_accesses_newest_first()
    {
        var link = await app.CreateOnboardingLinkAsync();
        var opened = app.Now;
        await app.OpenAsync(link, from: "192.0.2.77");
        app.Time.Advance(TimeSpan.FromMinutes(1));
        await app.OpenAsync(link, userAgent: "Twitterbot/1.0", from: "2001:db8:1:2::3");
        await app.OpenAsync(link, userAgent: null, from: "192.0.2.78");
        await app.AdvanceAsync(link, 3, 40);

        var data = await GetAsync(link);

        data.AssertIncludes(new
        {
            link.Id,
            link.OrganizationId,
            Status = "active",
            CurrentStep = 3,
            ProgressPercentage = 40,
            ClicksCount = 2,
            LinkUrl = $"https://welcome.example/base/o/{link.Token}",
            FirstAccessedAt = opened,
            LastAccessedAt = app.Now,
            CreatedByEmail = link.Creator.Email,
        });
        var addresses = data.GetProperty("ip_addresses").EnumerateArray().ToList();
        Assert.Equal(["192.0.2.78", "2001:db8:1:2::3"], addresses[..2].Select(access => access.GetProperty("ip").GetString()).Order());
        Assert.Equal($$"""{"ip":"192.0.2.77","timestamp":"{{opened:yyyy-MM-ddTHH:mm:ss}}Z","kind":"open"}""", addresses[2].GetRawText());
        data.GetProperty("user_agents").AssertIncludes(new[]
        {
            new { UserAgent = "Twitterbot/1.0", Kind = "prefetch" },
            new { UserAgent = OnboardingWorld.Browser, Kind = "open" },
        });
    }

    [Fact]
    public async Task Only_the_newest_hundred_accesses_are_kept()
    {
        var link = await app.CreateOnboardingLinkAsync();
        for (var i = 0; i < 120; i++)
        {
            app.Time.Advance(TimeSpan.FromSeconds(1));
            using var opened = await app.OpenAsync(link, from: $"192.0.2.{i}");
            await opened.DataAsync();
        }

        var data = await GetAsync(link);

        Assert.Equal(
            Enumerable.Range(20, 100).Reverse().Select(i => $"192.0.2.{i}"),
            data.GetProperty("ip_addresses").EnumerateArray().Select(access => access.GetProperty("ip").GetString()!));
        Assert.Equal(100, data.GetProperty("user_agents").GetArrayLength());
        Assert.Equal(120, data.GetProperty("clicks_count").GetInt32());
        Assert.Equal(100, (await app.StateOfAsync(link)).Accesses);
    }

    [Fact]
    public async Task Past_its_expiry_it_is_expired_before_the_timer_has_run()
    {
        var link = await app.CreateOnboardingLinkAsync(days: 1);
        app.Time.Advance(TimeSpan.FromDays(1));

        Assert.Equal("expired", (await GetAsync(link)).GetProperty("status").GetString());
        Assert.Equal("active", (await app.StateOfAsync(link)).Status);
    }

    private async Task<JsonElement> GetAsync(TestLink link)
    {
        using var client = app.As(link.Creator);
        using var response = await client.GetAsync(link.Path);
        return await response.DataAsync();
    }
}
