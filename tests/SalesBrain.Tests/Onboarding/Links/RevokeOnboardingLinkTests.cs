using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Onboarding.Links;

[Collection(OnboardingApp.Collection)]
public sealed class RevokeOnboardingLinkTests(OnboardingApp app)
{
    [Theory]
    [InlineData("""{"reason": " Sent to the wrong person "}""", "Sent to the wrong person")]
    [InlineData("""{"reason": ""}""", "Revoked by admin")]
    [InlineData("{}", "Revoked by admin")]
    [InlineData(null, "Revoked by admin")]
    public async Task Revoked_link_stops_working_immediately(string? body, string reason)
    {
        var link = await app.CreateOnboardingLinkAsync();
        using var client = app.As(link.Creator);

        using var response = body is null
            ? await client.PostAsync($"{link.Path}/revoke", null)
            : await client.PostTextAsync($"{link.Path}/revoke", body);

        var data = await response.DataAsync();
        var revoked = new { Status = "revoked", RevokedReason = reason, RevokedBy = link.Creator.Id, RevokedAt = app.Now };
        data.AssertIncludes(revoked);
        Assert.Equivalent(revoked, await app.StateOfAsync(link));
        using var opened = await app.OpenAsync(link);
        await opened.ProblemAsync(HttpStatusCode.Forbidden, "onboarding_link_revoked");
        Assert.Equal(
            $$$"""{"after": {"status": "revoked", "revoked_reason": "{{{reason}}}"}, "before": {"status": "active"}}""",
            await app.QuerySingleAsync<string>(
                "select changes::text from app.audit_log where entity_id = @Id and action = 'onboarding_link.revoked'", new { link.Id }));
    }

    [Fact]
    public async Task Expired_link_can_be_revoked()
    {
        var link = await app.CreateOnboardingLinkAsync(days: 1);
        app.Time.Advance(TimeSpan.FromDays(2));

        using var response = await app.RevokeAsync(link);

        await response.DataAsync();
        Assert.Equal("revoked", (await app.StateOfAsync(link)).Status);
    }

    [Fact]
    public async Task Used_or_revoked_link_is_unchanged()
    {
        var revoked = await app.CreateOnboardingLinkAsync();
        var used = await app.CreateOnboardingLinkAsync();
        await app.RevokeAsync(revoked, "First");
        await app.CompleteAsync(used);

        using var again = await app.RevokeAsync(revoked, "Second");
        using var late = await app.RevokeAsync(used);

        Assert.Contains(
            "already revoked",
            (await again.ProblemAsync(HttpStatusCode.Conflict, "onboarding_link_already_revoked")).GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        Assert.Contains(
            "already used",
            (await late.ProblemAsync(HttpStatusCode.Conflict, "onboarding_link_already_used")).GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        Assert.Equal("First", (await app.StateOfAsync(revoked)).RevokedReason);
        Assert.Equal("used", (await app.StateOfAsync(used)).Status);
        Assert.Equal(1, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.audit_log where entity_id = @Id and action = 'onboarding_link.revoked'", new { revoked.Id }));
    }

    [Fact]
    public async Task Of_many_at_once_one_revokes()
    {
        var link = await app.CreateOnboardingLinkAsync();

        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => app.RevokeAsync(link, $"Reason {i}")));

        Assert.Equal(1, responses.Count(response => response.StatusCode == HttpStatusCode.OK));
        Assert.Equal(9, responses.Count(response => response.StatusCode == HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData("""{"reason": 1}""", "reason")]
    [InlineData("""{"because": "x"}""", "because")]
    public async Task Bad_input_is_refused_and_changes_nothing(string body, string member)
    {
        var link = await app.CreateOnboardingLinkAsync();
        using var client = app.As(link.Creator);

        using var response = await client.PostTextAsync($"{link.Path}/revoke", body);
        using var tooLong = await client.PostAsync($"{link.Path}/revoke", new { reason = new string('x', 501) });

        Assert.Equal(member, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        await tooLong.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal("active", (await app.StateOfAsync(link)).Status);
    }
}
