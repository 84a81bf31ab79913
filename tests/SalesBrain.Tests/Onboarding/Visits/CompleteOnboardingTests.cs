using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Onboarding.Visits;

[Collection(OnboardingApp.Collection)]
public sealed class CompleteOnboardingTests(OnboardingApp app)
{
    [Fact]
    public async Task Completed_link_is_used_up()
    {
        var link = await app.CreateOnboardingLinkAsync();
        await app.AdvanceAsync(link, 4, 80);

        using var response = await app.CompleteAsync(link);

        Assert.Equal(
            $$$"""{"success":true,"data":{"status":"used","progress_percentage":100,"completed_at":"{{{app.Now:yyyy-MM-ddTHH:mm:ss}}}Z"},"message":"Onboarding completed successfully!"}""",
            await response.Content.ReadAsStringAsync());
        Assert.Equivalent(new { Status = "used", ProgressPercentage = 100, CompletedAt = app.Now }, await app.StateOfAsync(link));
    }

    [Fact]
    public async Task Of_a_hundred_at_once_one_completes()
    {
        var link = await app.CreateOnboardingLinkAsync();

        var responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => app.CompleteAsync(link)));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.OK);
        foreach (var response in responses.Where(response => response.StatusCode != HttpStatusCode.OK))
        {
            await response.ProblemAsync(HttpStatusCode.Gone, "onboarding_link_used");
        }
        Assert.Equal(1, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.audit_log where entity_id = @Id and action = 'onboarding_link.completed'", new { link.Id }));
    }

    [Fact]
    public async Task Administrators_see_it_on_the_dashboard_without_an_actor()
    {
        var link = await app.CreateOnboardingLinkAsync();
        app.Time.Advance(TimeSpan.FromMinutes(1));
        await app.CompleteAsync(link);

        using var client = app.As(link.Creator);
        using var response = await client.GetAsync("/api/admin/dashboard/recent-activity");

        var fact = (await response.DataAsync()).GetProperty("activity")[0];
        fact.AssertIncludes(
            new { Kind = "onboarding_link", Title = "Onboarding link completed", EntityId = link.Id, Actor = (object?)null });
    }
}
