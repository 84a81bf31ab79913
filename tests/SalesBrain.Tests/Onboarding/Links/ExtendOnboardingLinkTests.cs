using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Onboarding.Links;

[Collection(OnboardingApp.Collection)]
public sealed class ExtendOnboardingLinkTests(OnboardingApp app)
{
    [Theory]
    [InlineData("""{"additional_days": 365}""", 365)]
    [InlineData("""{"additionalDays": 1}""", 1)]
    [InlineData("{}", 7)]
    [InlineData(null, 7)]
    public async Task Days_are_added_to_what_is_left(string? body, int days)
    {
        var link = await app.CreateOnboardingLinkAsync(days: 7);
        var before = (await app.StateOfAsync(link)).ExpiresAt;
        app.Time.Advance(TimeSpan.FromDays(3));
        using var client = app.As(link.Creator);

        using var response = body is null
            ? await client.PostAsync($"{link.Path}/extend", null)
            : await client.PostTextAsync($"{link.Path}/extend", body);

        var data = await response.DataAsync();
        data.AssertIncludes(new { Status = "active", ExpiresAt = before.AddDays(days) });
        Assert.Equal(before.AddDays(days), (await app.StateOfAsync(link)).ExpiresAt);
        Assert.Single(await app.AuditOfAsync(link.Id), entry => entry.Action == "onboarding_link.extended").Json.AssertIncludes(
            new { Before = new { ExpiresAt = before }, After = new { ExpiresAt = before.AddDays(days) } });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Link_that_expired_long_ago_is_good_from_now_on(bool timerHasRun)
    {
        var link = await app.CreateOnboardingLinkAsync(days: 1);
        app.Time.Advance(TimeSpan.FromDays(31));
        if (timerHasRun)
        {
            await app.Services.GetRequiredService<TimerRunner>().RunAsync("ExpireOnboardingLinks", CancellationToken.None);
        }
        Assert.Equal(timerHasRun ? "expired" : "active", (await app.StateOfAsync(link)).Status);
        using (var expired = await app.OpenAsync(link))
        {
            await expired.ProblemAsync(HttpStatusCode.Gone, "onboarding_link_expired");
        }

        using var response = await app.ExtendAsync(link, 7);

        Assert.Equal(app.Now.AddDays(7), (await response.DataAsync()).GetProperty("expires_at").GetDateTime());
        app.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        using (var opened = await app.OpenAsync(link))
        {
            await opened.DataAsync();
        }
        app.Time.Advance(TimeSpan.FromSeconds(1));
        using var over = await app.OpenAsync(link);
        await over.ProblemAsync(HttpStatusCode.Gone, "onboarding_link_expired");
    }

    [Fact]
    public async Task Used_or_revoked_link_is_not_extended()
    {
        var revoked = await app.CreateOnboardingLinkAsync();
        var used = await app.CreateOnboardingLinkAsync();
        await app.RevokeAsync(revoked);
        await app.CompleteAsync(used);
        var (revokedBefore, usedBefore) = (await app.StateOfAsync(revoked), await app.StateOfAsync(used));

        using var first = await app.ExtendAsync(revoked);
        using var second = await app.ExtendAsync(used);

        Assert.Contains(
            "already revoked",
            (await first.ProblemAsync(HttpStatusCode.Conflict, "onboarding_link_already_revoked")).GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        Assert.Contains(
            "already used",
            (await second.ProblemAsync(HttpStatusCode.Conflict, "onboarding_link_already_used")).GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(revokedBefore, await app.StateOfAsync(revoked));
        Assert.Equal(usedBefore, await app.StateOfAsync(used));
    }

    [Fact]
    public async Task Two_at_once_add_up()
    {
        var link = await app.CreateOnboardingLinkAsync(days: 7);

        var responses = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => app.ExtendAsync(link, 2)));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(app.Now.AddDays(17), (await app.StateOfAsync(link)).ExpiresAt);
    }

    [Theory]
    [InlineData("""{"additional_days": 0}""", "additional_days")]
    [InlineData("""{"additional_days": 366}""", "additional_days")]
    [InlineData("""{"additional_days": 1.5}""", "additional_days")]
    [InlineData("""{"days": 1}""", "days")]
    public async Task Bad_input_is_refused(string body, string member)
    {
        var link = await app.CreateOnboardingLinkAsync();
        using var client = app.As(link.Creator);

        using var response = await client.PostTextAsync($"{link.Path}/extend", body);

        Assert.Equal(member, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }
}
