using System.Net;
using SalesBrain.Data.Identity;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Onboarding.Links;

/// <summary>Who may manage onboarding links.</summary>
public sealed class OnboardingLinkAccessTests(OnboardingApp app) : IClassFixture<OnboardingApp>
{
    private static readonly string[] Allowed = ["sb_admin", "sb_operator", "owner", "admin"];

    private static readonly (HttpMethod Method, string Suffix)[] OnOne =
        [(HttpMethod.Get, ""), (HttpMethod.Post, "/extend"), (HttpMethod.Post, "/revoke")];

    public static TheoryData<Role> EveryRole => [.. Roles.All];

    [Theory]
    [MemberData(nameof(EveryRole))]
    public async Task Role_may_make_all_calls_or_none(Role role)
    {
        var link = await app.CreateOnboardingLinkAsync();
        using var client = app.As(await app.CreateUserAsync(role.Name(), role.IsPlatform() ? null : link.OrganizationId));

        foreach (var (method, path) in Calls(link))
        {
            using var response = await SendAsync(client, method, path, link.OrganizationId);
            if (Allowed.Contains(role.Name()))
            {
                Assert.True(response.IsSuccessStatusCode, $"{method} {path} {await response.Content.ReadAsStringAsync()}");
            }
            else
            {
                await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
            }
        }
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("admin")]
    public async Task Another_organizations_link_is_told_like_one_that_never_was(string role)
    {
        using var client = app.As(await app.CreateUserAsync(role));
        var others = await app.CreateOnboardingLinkAsync();
        var before = await app.StateOfAsync(others);

        foreach (var (method, suffix) in OnOne)
        {
            using var theirs = await SendAsync(client, method, others.Path + suffix, null);
            using var random = await SendAsync(client, method, $"{OnboardingWorld.Root}/link/{Guid.NewGuid()}{suffix}", null);
            Assert.Equal(
                (await random.ProblemAsync(HttpStatusCode.NotFound, "not_found")).WithoutTrace(),
                (await theirs.ProblemAsync(HttpStatusCode.NotFound, "not_found")).WithoutTrace());
        }
        Assert.Equal(before, await app.StateOfAsync(others));
    }

    [Fact]
    public async Task Nobody_gets_in_without_a_token()
    {
        var link = await app.CreateOnboardingLinkAsync();

        foreach (var (method, path) in Calls(link))
        {
            using var response = await SendAsync(app.Http, method, path, link.OrganizationId);
            await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        }
        Assert.Equal("active", (await app.StateOfAsync(link)).Status);
    }

    private static IEnumerable<(HttpMethod Method, string Path)> Calls(TestLink link) =>
    [
        (HttpMethod.Get, OnboardingWorld.Root + "/links"),
        (HttpMethod.Post, OnboardingWorld.Root + "/create-link"),
        .. OnOne.Select(call => (call.Method, link.Path + call.Suffix)),
    ];

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, Guid? organizationId)
    {
        using var request = new HttpRequestMessage(method, path);
        if (path.EndsWith("create-link", StringComparison.Ordinal))
        {
            request.Content = System.Net.Http.Json.JsonContent.Create(new Dictionary<string, Guid?> { ["organization_id"] = organizationId });
        }
        return await client.SendAsync(request);
    }
}
