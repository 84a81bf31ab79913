using System.Net;
using SalesBrain.Core.Access;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Endpoints;

public sealed class EndpointAccessTests(TestApp app)
{
    public static TheoryData<Role> EveryRole => [.. Roles.All];

    [Theory]
    [MemberData(nameof(EveryRole))]
    public async Task Role_may_make_exactly_its_calls(Role role)
    {
        var organization = await app.CreateOrganizationAsync();
        using var client = app.As(await app.CreateUserAsync(role.Name(), role.IsPlatform() ? null : organization));
        var endpoint = await app.CreateEndpointAsync(organization);

        foreach (var (call, path) in EndpointCalls.On(endpoint))
        {
            using var response = await call.SendAsync(client, path);
            if (call.AllowedRoles.Contains(role.Name()))
            {
                Assert.True(
                    response.IsSuccessStatusCode, $"{call.Method} {path}{call.Suffix} {await response.Content.ReadAsStringAsync()}");
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
    public async Task Endpoint_of_another_organization_returns_the_same_404_as_an_unknown_id(string role)
    {
        using var client = app.As(await app.CreateUserAsync(role));
        var others = await app.CreateEndpointAsync(await app.CreateOrganizationAsync());
        var unchanged = await RowAsync(others);

        foreach (var call in EndpointCalls.OnOne)
        {
            using var theirs = await call.SendAsync(client, others.Path);
            using var random = await call.SendAsync(client, $"{EndpointWorld.Endpoints}/{Guid.NewGuid()}");
            Assert.Equal(
                (await random.ProblemAsync(HttpStatusCode.NotFound, "not_found")).WithoutTrace(),
                (await theirs.ProblemAsync(HttpStatusCode.NotFound, "not_found")).WithoutTrace());
            Assert.Equal(HeadersOf(random), HeadersOf(theirs));
        }
        Assert.Equal(unchanged, await RowAsync(others));
    }

    [Fact]
    public async Task Call_without_a_token_is_401()
    {
        var endpoint = await app.CreateEndpointAsync(await app.CreateOrganizationAsync());

        foreach (var (call, path) in EndpointCalls.On(endpoint))
        {
            using var response = await call.SendAsync(app.Http, path);
            await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        }
    }

    private static IEnumerable<string> HeadersOf(HttpResponseMessage response) =>
        response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}");

    private Task<string> RowAsync(TestEndpoint endpoint) =>
        app.QuerySingleAsync<string>("select e::text from app.webhook_endpoint e where id = @Id", new { endpoint.Id });
}
