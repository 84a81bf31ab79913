using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Onboarding.Links;

/// <summary>
/// What another organization's administrators can do to a link, beside what <see cref="Access.RoleTableTests"/> tries: nothing stays of it.
/// </summary>
[Collection(OnboardingApp.Collection)]
public sealed class OnboardingLinkAccessTests(OnboardingApp app)
{
    [Theory]
    [InlineData("owner")]
    [InlineData("admin")]
    public async Task Link_of_another_organization_is_unchanged_and_returns_the_same_404_as_an_unknown_id(string role)
    {
        var others = await app.CreateOnboardingLinkAsync();
        var before = await app.StateOfAsync(others);
        using var client = app.As(await app.CreateUserAsync(role));

        foreach (var (method, suffix) in new[] { (HttpMethod.Get, ""), (HttpMethod.Post, "/extend"), (HttpMethod.Post, "/revoke") })
        {
            using var theirs = await client.SendAsync(new HttpRequestMessage(method, others.Path + suffix));
            using var random = await client.SendAsync(
                new HttpRequestMessage(method, $"{OnboardingWorld.Root}/link/{Guid.NewGuid()}{suffix}"));
            Assert.Equal(
                (await random.ProblemAsync(HttpStatusCode.NotFound, "not_found")).WithoutTrace(),
                (await theirs.ProblemAsync(HttpStatusCode.NotFound, "not_found")).WithoutTrace());
        }

        Assert.Equal(before, await app.StateOfAsync(others));
        Assert.Equal(
            1, await app.QuerySingleAsync<int>("select count(*)::int from app.audit_log where entity_id = @Id", new { others.Id }));
    }
}
