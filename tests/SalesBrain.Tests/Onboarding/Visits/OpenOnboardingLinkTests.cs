using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Onboarding.Visits;

[Collection(OnboardingApp.Collection)]
public sealed class OpenOnboardingLinkTests(OnboardingApp app)
{
    [Fact]
    public async Task Visitor_sees_only_the_onboarding()
    {
        var link = await app.CreateOnboardingLinkAsync(template: "Agencies", welcome: "Hello!", steps: 8);
        await app.AdvanceAsync(link, 2, 25);

        using var response = await app.OpenAsync(link);

        var organization = await app.QuerySingleAsync<string>(
            "select name from app.organization where id = @OrganizationId", new { link.OrganizationId });
        Assert.Equal(
            $$$"""{"success":true,"data":{"organization_name":"{{{organization}}}","welcome_message":"Hello!","total_steps":8,"current_step":2,"progress_percentage":25,"template_name":"Agencies"}}""",
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Each_time_counts_and_none_uses_it_up()
    {
        var link = await app.CreateOnboardingLinkAsync();
        var first = app.Now;
        for (var i = 0; i < 3; i++)
        {
            using var response = await app.OpenAsync(link);
            await response.DataAsync();
            app.Time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equivalent(
            new { Status = "active", ClicksCount = 3, Accesses = 3, FirstAccessedAt = first, LastAccessedAt = first.AddHours(2) },
            await app.StateOfAsync(link));
    }

    [Fact]
    public async Task Programs_that_look_at_it_are_no_clicks_however_many_come()
    {
        string[] programs = ["Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "WhatsApp/2.23.20.0 A", "facebookexternalhit/1.1", "Barracuda Sentinel (EE)"];
        var link = await app.CreateOnboardingLinkAsync();

        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 20 }, async (i, _) =>
        {
            using var response = i % 2 == 0
                ? await app.VisitAsync(HttpMethod.Head, link.Visit)
                : await app.VisitAsync(HttpMethod.Get, link.Visit, userAgent: programs[i / 2 % programs.Length]);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        });

        Assert.Equivalent(
            new
            {
                Status = "active",
                ClicksCount = 0,
                FirstAccessedAt = (DateTime?)null,
                LastAccessedAt = (DateTime?)null,
                CurrentStep = 1,
                ProgressPercentage = 0,
                Accesses = 100,
            },
            await app.StateOfAsync(link));
        Assert.Equal(
            ["prefetch"],
            await app.QueryAsync<string>("select distinct kind from app.onboarding_link_access where link_id = @Id", new { link.Id }));
    }

    [Fact]
    public async Task Many_people_at_once_are_all_counted()
    {
        var link = await app.CreateOnboardingLinkAsync();

        var responses = await Task.WhenAll(Enumerable.Range(0, 150).Select(i => app.OpenAsync(link, from: $"198.51.100.{i}")));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equivalent(new { ClicksCount = 150, Accesses = 100 }, await app.StateOfAsync(link));
    }

    [Fact]
    public async Task Head_answers_like_get_without_a_body()
    {
        var link = await app.CreateOnboardingLinkAsync();

        using var found = await app.VisitAsync(HttpMethod.Head, link.Visit);
        using var unknown = await app.VisitAsync(HttpMethod.Head, $"{OnboardingWorld.Root}/o/{OnboardingWorld.UnknownToken()}");

        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Empty(await found.Content.ReadAsByteArrayAsync());
        Assert.Equal("no-referrer", Assert.Single(found.Headers.GetValues("Referrer-Policy")));
    }

    [Fact]
    public async Task Long_user_agents_are_kept_as_far_as_there_is_room()
    {
        var link = await app.CreateOnboardingLinkAsync();

        using var response = await app.OpenAsync(link, userAgent: "Mozilla/5.0 " + new string('x', 3000));

        await response.DataAsync();
        Assert.Equal(500, await app.QuerySingleAsync<int>(
            "select char_length(user_agent) from app.onboarding_link_access where link_id = @Id", new { link.Id }));
    }

    [Fact]
    public async Task Link_that_is_over_is_not_counted_any_more()
    {
        var link = await app.CreateOnboardingLinkAsync();
        await app.RevokeAsync(link);

        using var response = await app.OpenAsync(link);

        await response.ProblemAsync(HttpStatusCode.Forbidden, "onboarding_link_revoked");
        Assert.Equivalent(new { ClicksCount = 0, Accesses = 0 }, await app.StateOfAsync(link));
    }
}
