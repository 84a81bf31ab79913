using System.Net;
using System.Net.Http.Headers;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Auth;

public sealed class GetMeTests(TestApp app)
{
    [Theory]
    [InlineData("sb_admin")]
    [InlineData("sb_operator")]
    [InlineData("owner")]
    [InlineData("admin")]
    [InlineData("member")]
    [InlineData("agency_admin")]
    [InlineData("agency_staff")]
    [InlineData("client_admin")]
    [InlineData("client_staff")]
    [InlineData("client_user")]
    [InlineData("read_only")]
    public async Task Every_role_sees_itself_and_where_it_belongs(string role)
    {
        var user = await app.CreateUserAsync(role);

        var me = await (await app.As(user).GetAsync("/api/v1/auth/me")).DataAsync();

        Assert.Equal(role, me.GetProperty("role").GetString());
        Assert.Equal(user.OrganizationId, IdOf(me, "organization"));
        Assert.Equal(user.AgencyId, IdOf(me, "agency"));
        Assert.Equal(user.ClientId, IdOf(me, "client"));
    }

    [Fact]
    public async Task Camel_case_is_answered_on_request()
    {
        var client = app.As(await app.CreateUserAsync("owner"));
        client.DefaultRequestHeaders.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/json; case=camel"));

        var me = await (await client.GetAsync("/api/v1/auth/me/")).DataAsync();

        Assert.True(me.TryGetProperty("createdAt", out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer nonsense")]
    [InlineData("Basic b3duZXI6cGFzc3dvcmQ=")]
    public async Task Without_a_valid_token_it_is_401(string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/auth/me");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using var response = await app.Http.SendAsync(request);

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task Disabled_user_is_401()
    {
        using var response = await app.As(await app.CreateUserAsync("owner", status: "disabled")).GetAsync("/api/v1/auth/me");

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    private static Guid? IdOf(System.Text.Json.JsonElement me, string name) =>
        me.GetProperty(name).ValueKind == System.Text.Json.JsonValueKind.Null ? null : me.GetProperty(name).GetProperty("id").GetGuid();
}
