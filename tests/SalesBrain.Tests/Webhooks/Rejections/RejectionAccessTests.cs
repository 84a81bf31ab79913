using System.Net;
using SalesBrain.Core.Access;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Rejections;

public sealed class RejectionAccessTests(TestApp app)
{
    private static readonly string[] Readers = ["sb_admin", "sb_operator", "owner", "admin", "member", "read_only"];
    private static readonly string[] Repairers = ["sb_admin", "sb_operator", "owner", "admin"];

    public static TheoryData<Role> EveryRole => [.. Roles.All];

    [Theory]
    [MemberData(nameof(EveryRole))]
    public async Task Role_may_make_exactly_its_calls(Role role)
    {
        var organization = await app.CreateOrganizationAsync();
        using var client = app.As(await app.CreateUserAsync(role.Name(), role.IsPlatform() ? null : organization));
        var id = await app.CreateRejectionAsync(await app.CreateEndpointAsync(organization));

        foreach (var (path, allowed) in new[] { ($"?organization_id={organization}", Readers), ($"/{id}", Readers), ($"/{id}/readmit", Repairers) })
        {
            using var response = await SendAsync(client, path);
            if (allowed.Contains(role.Name()))
            {
                Assert.True(response.IsSuccessStatusCode, $"{path} {await response.Content.ReadAsStringAsync()}");
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
    public async Task Rejection_of_another_organization_returns_the_same_404_as_an_unknown_id(string role)
    {
        using var client = app.As(await app.CreateUserAsync(role));
        var id = await app.CreateRejectionAsync(await app.CreateEndpointAsync(await app.CreateOrganizationAsync()));

        foreach (var suffix in (string[])["", "/readmit"])
        {
            using var theirs = await SendAsync(client, $"/{id}{suffix}");
            using var random = await SendAsync(client, $"/{Guid.NewGuid()}{suffix}");
            Assert.Equal(
                (await random.ProblemAsync(HttpStatusCode.NotFound, "not_found")).WithoutTrace(),
                (await theirs.ProblemAsync(HttpStatusCode.NotFound, "not_found")).WithoutTrace());
        }
        Assert.Null(await app.QuerySingleAsync<DateTime?>("select readmitted_at from app.webhook_rejection where id = @id", new { id }));
    }

    [Fact]
    public async Task Call_without_a_token_is_401()
    {
        foreach (var path in (string[])["", $"/{Guid.NewGuid()}", $"/{Guid.NewGuid()}/readmit"])
        {
            using var response = await SendAsync(app.Http, path);
            await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        }
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string path) =>
        path.EndsWith("/readmit", StringComparison.Ordinal)
            ? client.PostAsync(Refusals.Rejections + path, null)
            : client.GetAsync(Refusals.Rejections + path);
}
