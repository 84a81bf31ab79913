using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Onboarding.Visits;

[Collection(OnboardingApp.Collection)]
public sealed class UpdateOnboardingProgressTests(OnboardingApp app)
{
    [Fact]
    public async Task Progress_is_remembered_up_to_the_last_step()
    {
        var link = await app.CreateOnboardingLinkAsync(steps: 3);

        using var response = await app.AdvanceAsync(link, 3, 100);

        Assert.Equal("""{"current_step":3,"total_steps":3,"progress_percentage":100}""", (await response.DataAsync()).GetRawText());
        // A hundred percent does not complete the onboarding; that is a request of its own.
        Assert.Equivalent(
            new { Status = "active", CurrentStep = 3, ProgressPercentage = 100, CompletedAt = (DateTime?)null, ClicksCount = 0 },
            await app.StateOfAsync(link));
    }

    [Fact]
    public async Task Late_and_repeated_calls_reduce_nothing_without_allow_back()
    {
        var link = await app.CreateOnboardingLinkAsync();
        await app.AdvanceAsync(link, 3, 50);

        using var late = await app.AdvanceAsync(link, 2, 60);
        Assert.Equal("""{"current_step":3,"total_steps":5,"progress_percentage":60}""", (await late.DataAsync()).GetRawText());
        using var back = await app.AdvanceAsync(link, 1, 0, allowBack: true);
        Assert.Equal("""{"current_step":1,"total_steps":5,"progress_percentage":0}""", (await back.DataAsync()).GetRawText());

        Assert.Equivalent(new { CurrentStep = 1, ProgressPercentage = 0 }, await app.StateOfAsync(link));
    }

    [Fact]
    public async Task Of_many_at_once_the_farthest_stays()
    {
        var link = await app.CreateOnboardingLinkAsync(steps: 50);

        var responses = await Task.WhenAll(
            Enumerable.Range(1, 50).OrderBy(step => step * 37 % 50).Select(step => app.AdvanceAsync(link, step, 2 * step)));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equivalent(new { CurrentStep = 50, ProgressPercentage = 100 }, await app.StateOfAsync(link));
    }

    [Theory]
    [InlineData("""{"current_step": 6, "progress_percentage": 10}""", "current_step", "must be from 1 to 5")]
    [InlineData("""{"current_step": 0, "progress_percentage": 10}""", "current_step", "must be from 1 to 50")]
    [InlineData("""{"current_step": 2, "progress_percentage": 101}""", "progress_percentage", "must be from 0 to 100")]
    [InlineData("""{"current_step": 2, "progress_percentage": -1}""", "progress_percentage", "must be from 0 to 100")]
    [InlineData("""{"current_step": 2}""", "progress_percentage", "is required")]
    [InlineData("""{"progressPercentage": 2}""", "current_step", "is required")]
    [InlineData("""{"current_step": "2", "progress_percentage": 10}""", "current_step", "must be a whole number")]
    [InlineData("""{"current_step": 2, "progress_percentage": 10, "allow_back": "yes"}""", "allow_back", "must be true or false")]
    [InlineData("""{"current_step": 2, "progress_percentage": 10, "status": "used"}""", "status", "is not a known field")]
    public async Task Bad_input_is_refused_and_changes_nothing(string body, string member, string message)
    {
        var link = await app.CreateOnboardingLinkAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var response = await app.Http.PutAsync($"{link.Visit}/progress", content);

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        var error = problem.GetProperty("errors").EnumerateObject().Single();
        Assert.Equal(member, error.Name);
        Assert.Equal(message, error.Value[0].GetString());
        Assert.Equivalent(new { CurrentStep = 1, ProgressPercentage = 0 }, await app.StateOfAsync(link));
    }

    [Fact]
    public async Task Body_must_be_a_json_object()
    {
        var link = await app.CreateOnboardingLinkAsync();
        using var text = new StringContent("current_step=2", System.Text.Encoding.UTF8, "application/json");
        using var array = new StringContent("[]", System.Text.Encoding.UTF8, "application/json");
        using var form = new StringContent("current_step=2", System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");

        using var notJson = await app.Http.PutAsync($"{link.Visit}/progress", text);
        using var notAnObject = await app.Http.PutAsync($"{link.Visit}/progress", array);
        using var unsupported = await app.Http.PutAsync($"{link.Visit}/progress", form);

        await notJson.ProblemAsync(HttpStatusCode.BadRequest, "not_json");
        await notAnObject.ProblemAsync(HttpStatusCode.BadRequest, "not_an_object");
        await unsupported.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }
}
