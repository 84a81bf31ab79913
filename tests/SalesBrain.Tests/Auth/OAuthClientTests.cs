using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Auth;

/// <summary>Clients of OAuth 2 send parameters that a token endpoint must ignore (RFC 6749, section 3.2).</summary>
[Collection(SignInApp.Collection)]
public sealed class OAuthClientTests(SignInApp app)
{
    private const string Login = $"{AuthWorld.Auth}/login";
    private const string Refresh = $"{AuthWorld.Auth}/refresh";
    private const string Extra = "scope=openid+profile&client_id=web&client_secret=&state=x&state=y&audience=%00";

    /// <summary>Public case P41.</summary>
    [Fact]
    public async Task Parameters_of_known_clients_are_ignored()
    {
        var user = await app.CreateUserAsync("member", password: "salesbrain-demo");
        await app.ExecuteAsync(
            "update app.user set email = @email, email_norm = @email where id = @Id", new { email = "member@acme.example", user.Id });
        var steps = JsonElement.Parse(await File.ReadAllTextAsync(
            Path.Combine(
                AppContext.BaseDirectory, "Fixtures", "public-cases", "P41-parameters-of-oauth-clients-at-the-token-endpoints.json"),
            TestContext.Current.CancellationToken)).GetProperty("input").GetProperty("steps");
        var refreshToken = "";

        foreach (var step in steps.EnumerateArray())
        {
            var body = step.GetProperty("raw_body").GetString()!.Replace("${r}", refreshToken, StringComparison.Ordinal);
            using var response = await PostFormAsync(step.GetProperty("path").GetString()!, body);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{body}: {(int)response.StatusCode}");
            refreshToken = (await response.JsonAsync()).GetProperty("refresh_token").GetString()!;
        }
    }

    [Fact]
    public async Task Unknown_parameters_are_ignored_in_forms_and_in_JSON()
    {
        var user = await app.CreateUserAsync("member", password: AuthWorld.Password);

        using var form = await PostFormAsync(Login, $"username={user.Email}&password={Uri.EscapeDataString(AuthWorld.Password)}&{Extra}");
        using var json = await app.Http.PostTextAsync(
            Login, $$"""{"email": "{{user.Email}}", "password": "{{AuthWorld.Password}}", "scope": ["openid"], "client_id": null, "remember": {"me": true}, "\ud800": 1}""");
        using var refreshedByForm = await PostFormAsync(Refresh, $"refresh_token={(await TestTokens.OfAsync(form)).RefreshToken}&{Extra}");
        using var refreshedByJson = await app.Http.PostTextAsync(
            Refresh, $$"""{"refresh_token": "{{(await TestTokens.OfAsync(json)).RefreshToken}}", "scope": 1, "client_secret": "x"}""");

        Assert.Equal(HttpStatusCode.OK, refreshedByForm.StatusCode);
        Assert.Equal(HttpStatusCode.OK, refreshedByJson.StatusCode);
    }

    [Theory]
    [InlineData(Login, "grant_type=client_credentials&username=a@b.example&password=x", "grant_type")]
    [InlineData(Login, "grant_type=authorization_code&code=1&username=a@b.example&password=x", "grant_type")]
    [InlineData(Login, "grant_type=password&grant_type=password&username=a@b.example&password=x", "grant_type")]
    [InlineData(Login, "grant_type=password&client_id=web", "password")]
    [InlineData(Refresh, "grant_type=password&refresh_token=x", "grant_type")]
    [InlineData(Refresh, "grant_type=refresh_token&scope=", "refresh_token")]
    public async Task Wrong_grant_type_and_missing_parameters_are_named(string path, string body, string member)
    {
        using var response = await PostFormAsync(path, body);

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(member, problem.Members());
    }

    /// <summary>Only there: elsewhere an unknown member is a mistake.</summary>
    [Theory]
    [InlineData($"{AuthWorld.Auth}/logout", """{"refresh_token": "x", "client_id": "web"}""")]
    [InlineData($"{AuthWorld.Auth}/password-reset", """{"email": "a@b.example", "client_id": "web"}""")]
    [InlineData($"{AuthWorld.Auth}/email-change/confirm", """{"token": "x", "client_id": "web"}""")]
    public async Task Other_endpoints_refuse_unknown_members(string path, string body)
    {
        using var response = await app.Http.PostTextAsync(path, body);

        Assert.Equal("client_id", (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    private async Task<HttpResponseMessage> PostFormAsync(string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/x-www-form-urlencoded")),
        };
        request.Headers.Add("X-Forwarded-For", SignInApp.NewAddress());
        return await app.Http.SendAsync(request);
    }
}
