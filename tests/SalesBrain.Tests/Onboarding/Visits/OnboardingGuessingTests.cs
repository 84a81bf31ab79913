using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Onboarding.Visits;

/// <summary>Guessing tokens is limited per address.</summary>
[Collection(OnboardingApp.Collection)]
public sealed class OnboardingGuessingTests(OnboardingApp app)
{
    private const int Limit = 30;

    [Fact]
    public async Task After_30_unknown_links_only_that_address_is_blocked()
    {
        var link = await app.CreateOnboardingLinkAsync();
        for (var i = 0; i < Limit; i++)
        {
            app.Time.Advance(TimeSpan.FromSeconds(1));
            using var unknown = await GuessAsync("203.0.113.1");
            await unknown.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }

        using (var tooMany = await GuessAsync("203.0.113.1"))
        {
            await tooMany.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_unknown_links");
            // Ten minutes from the first guess.
            Assert.Equal(TimeSpan.FromSeconds(600 - 29), tooMany.Headers.RetryAfter?.Delta);
            Assert.Equal("no-referrer", Assert.Single(tooMany.Headers.GetValues("Referrer-Policy")));
        }
        using (var known = await app.OpenAsync(link, from: "203.0.113.1"))
        {
            await known.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_unknown_links");
        }
        Assert.Equal(0, (await app.StateOfAsync(link)).ClicksCount);
        using (var neighbour = await app.OpenAsync(link, from: "203.0.113.2"))
        {
            await neighbour.DataAsync();
        }

        app.Time.Advance(TimeSpan.FromSeconds(600 - 29));
        using var later = await app.OpenAsync(link, from: "203.0.113.1");
        await later.DataAsync();
    }

    [Fact]
    public async Task Of_many_guesses_at_once_no_more_get_an_answer()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => GuessAsync("203.0.113.3")));

        Assert.Equal(Limit, responses.Count(response => response.StatusCode == HttpStatusCode.NotFound));
        Assert.Equal(100 - Limit, responses.Count(response => response.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Addresses_of_one_ipv6_network_are_one()
    {
        for (var i = 0; i < Limit; i++)
        {
            using var unknown = await GuessAsync($"2001:db8:0:7:{i:x}::1");
            Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        }

        using var same = await GuessAsync("2001:db8:0:7:ffff:ffff:ffff:ffff");
        using var next = await GuessAsync("2001:db8:0:8::1");

        Assert.Equal(HttpStatusCode.TooManyRequests, same.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, next.StatusCode);
    }

    [Fact]
    public async Task Every_call_counts_unknown_links_and_none_counts_known_or_malformed_ones()
    {
        var link = await app.CreateOnboardingLinkAsync();
        for (var i = 0; i < 3; i++)
        {
            await app.OpenAsync(link, from: "203.0.113.4");
            await app.VisitAsync(HttpMethod.Get, OnboardingWorld.Root + "/o/malformed", from: "203.0.113.4");
        }
        Assert.Empty(await app.QueryAsync<int>("select guesses from app.onboarding_guess where address = '203.0.113.4'"));

        var unknown = $"{OnboardingWorld.Root}/o/{OnboardingWorld.UnknownToken()}";
        await app.VisitAsync(HttpMethod.Get, unknown, from: "203.0.113.4");
        await app.VisitAsync(HttpMethod.Head, unknown, from: "203.0.113.4");
        await app.VisitAsync(HttpMethod.Put, unknown + "/progress", new { current_step = 1, progress_percentage = 0 }, from: "203.0.113.4");
        await app.VisitAsync(HttpMethod.Post, unknown + "/complete", from: "203.0.113.4");

        Assert.Equal(4, await app.QuerySingleAsync<int>("select guesses from app.onboarding_guess where address = '203.0.113.4'"));
    }

    [Fact]
    public async Task Count_begins_again_when_its_time_is_over()
    {
        for (var i = 0; i < Limit; i++)
        {
            using var unknown = await GuessAsync("203.0.113.5");
        }
        app.Time.Advance(TimeSpan.FromMinutes(10));

        using var response = await GuessAsync("203.0.113.5");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(1, await app.QuerySingleAsync<int>("select guesses from app.onboarding_guess where address = '203.0.113.5'"));
    }

    private Task<HttpResponseMessage> GuessAsync(string from) =>
        app.VisitAsync(HttpMethod.Get, $"{OnboardingWorld.Root}/o/{OnboardingWorld.UnknownToken()}", from: from);
}
