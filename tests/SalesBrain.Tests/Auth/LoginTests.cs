using System.Net;
using System.Net.Http.Headers;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Auth;

[Collection(SerialApp.Collection)]
public sealed class LoginTests(SerialApp app)
{
    private const string Password = "correct horse battery";
    private const string Path = "/api/v1/auth/login";

    [Fact]
    public async Task Right_password_gives_a_token_that_opens_me()
    {
        var owner = await app.CreateUserAsync("owner", password: Password);

        var answer = await (await app.Http.PostAsync(Path, new { email = owner.Email.ToUpperInvariant(), password = Password })).JsonAsync();

        Assert.Equal("Bearer", answer.GetProperty("token_type").GetString());
        Assert.Equal(900, answer.GetProperty("expires_in").GetInt32());
        Assert.Equal("owner", answer.GetProperty("user").GetProperty("role").GetString());
        using var client = new HttpClient { BaseAddress = app.Http.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", answer.GetProperty("access_token").GetString());
        var me = await (await client.GetAsync("/api/v1/auth/me")).DataAsync();
        Assert.Equal(owner.Id, me.GetProperty("id").GetGuid());
        Assert.Equal("ROLE_OWNER", me.GetProperty("roles")[0].GetString());
        Assert.Equal(owner.OrganizationId, me.GetProperty("organization").GetProperty("id").GetGuid());
        Assert.NotNull(await app.QuerySingleAsync<DateTime?>("select last_sign_in_at from app.user where id = @Id", new { owner.Id }));
        Assert.Equal(1, await app.QuerySingleAsync<int>(
            "select count(*) from app.audit_log where actor_id = @Id and action = 'user.signed_in'", new { owner.Id }));
    }

    [Fact]
    public async Task OAuth_form_signs_in_too()
    {
        var user = await app.CreateUserAsync("sb_admin", password: Password);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "password",
            ["username"] = user.Email,
            ["password"] = Password,
        });

        using var response = await app.Http.PostAsync(Path, form);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("sb_admin", (await response.JsonAsync()).GetProperty("user").GetProperty("role").GetString());
    }

    [Fact]
    public async Task Unknown_address_wrong_password_and_disabled_user_are_told_the_same()
    {
        var user = await app.CreateUserAsync("owner", password: Password);
        var disabled = await app.CreateUserAsync("owner", password: Password, status: "disabled");
        var invited = await app.CreateUserAsync("owner", status: "invited");

        var bodies = new List<string>();
        foreach (var (email, password) in new[]
        {
            (user.Email, "something else"), ("nobody@test.example", Password), (disabled.Email, Password), (invited.Email, Password),
        })
        {
            using var response = await app.Http.PostAsync(Path, new { email, password });
            var problem = await response.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
            bodies.Add(problem.GetRawText().Replace(problem.GetProperty("trace_id").GetRawText(), "", StringComparison.Ordinal));
        }
        Assert.Single(bodies.Distinct());
    }

    [Fact]
    public async Task Suspended_organization_cannot_sign_in()
    {
        var organization = await app.CreateOrganizationAsync(status: "suspended");
        var user = await app.CreateUserAsync("owner", organization, password: Password);

        using var response = await app.Http.PostAsync(Path, new { email = user.Email, password = Password });

        await response.ProblemAsync(HttpStatusCode.Forbidden, "organization_suspended");
    }

    [Theory]
    [InlineData("", 400, "not_json")]
    [InlineData("[]", 400, "not_an_object")]
    [InlineData("{\"email\":", 400, "not_json")]
    [InlineData("{}", 422, "invalid")]
    [InlineData("""{"password": "x"}""", 422, "invalid")]
    [InlineData("""{"email": "a@b.example", "pasword": "x"}""", 422, "invalid")]
    [InlineData("""{"email": 1, "password": "x"}""", 422, "invalid")]
    [InlineData("""{"email": "a\u0000@b.example", "password": "x"}""", 422, "invalid")]
    [InlineData("""{"email": "a\ud800@b.example", "password": "x"}""", 422, "invalid")]
    public async Task Bad_input_is_refused(string body, int status, string code)
    {
        using var response = await app.Http.PostTextAsync(Path, body);

        await response.ProblemAsync((HttpStatusCode)status, code);
    }

    [Fact]
    public async Task Every_problem_is_told_at_once_in_either_spelling()
    {
        using var response = await app.Http.PostTextAsync(Path, """{"email": 1, "password": [], "grantType": "code"}""");

        var errors = (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).GetProperty("errors");
        Assert.Equal(["email", "grant_type", "password"], errors.EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task Body_over_the_limit_is_413_and_other_types_are_415()
    {
        using var large = await app.Http.PostTextAsync(Path, $$"""{"email": "{{new string('a', 1024 * 1024)}}"}""");
        await large.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");

        using var text = await app.Http.PostTextAsync(Path, "{}", "text/plain");
        await text.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }
}
