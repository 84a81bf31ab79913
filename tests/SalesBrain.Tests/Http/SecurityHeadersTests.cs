using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using SalesBrain.Functions.Http;
using SalesBrain.Functions.Http.Responses;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Http;

/// <summary>Every response says that it is what its content type says, and how it may be stored.</summary>
public sealed class SecurityHeadersTests(TestApp app)
{
    [Theory]
    [InlineData("GET", "/api/nothing/here", 404)]
    [InlineData("GET", "/", 404)]
    [InlineData("PATCH", "/api/v1/agencies", 404)]
    [InlineData("GET", "/api/v1/agencies", 401)]
    [InlineData("GET", "/api/v1/agencies/0198c0de-0000-7000-8000-000000000000", 401)]
    [InlineData("GET", "/api/v1/agencies/no-id", 404)]
    [InlineData("POST", "/api/v1/auth/login", 415)]
    [InlineData("POST", "/api/webhooks/instantly/unknown", 404)]
    [InlineData("GET", "/api/health/live", 200)]
    [InlineData("GET", "/api/docs", 200)]
    [InlineData("GET", "/api/docs/page.css", 200)]
    [InlineData("GET", "/api/docs/nothing.css", 404)]
    [InlineData("GET", "/api/openapi.json", 200)]
    public async Task Responses_to_anyone_have_them(string method, string path, int status)
    {
        using var response = await app.Http.SendAsync(HttpMethod.Parse(method), path);

        Assert.Equal(status, (int)response.StatusCode);
        AssertHeaders(response);
    }

    [Theory]
    [InlineData("GET", "/api/v1/agencies?page=0", null, 422)]
    [InlineData("POST", "/api/v1/agencies", "{", 400)]
    [InlineData("POST", "/api/v1/agencies", "large", 413)]
    [InlineData("GET", "/api/v1/agencies/0198c0de-0000-7000-8000-000000000000", null, 404)]
    [InlineData("GET", "/api/admin/webhooks/logs/export", null, 200)]
    [InlineData("GET", "/api/v1/users", null, 200)]
    public async Task Responses_to_users_have_them(string method, string path, string? body, int status)
    {
        var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.SendAsync(HttpMethod.Parse(method), path, body == "large" ? new string(' ', 1 << 21) : body);

        Assert.Equal(status, (int)response.StatusCode);
        AssertHeaders(response);
    }

    [Fact]
    public async Task Response_that_could_not_be_written_is_500_with_them_and_nothing_of_the_old_one()
    {
        var (context, sent) = (new DefaultHttpContext(), new MemoryStream());
        context.Response.Body = sent;
        context.Response.Headers.ETag = "\"old\"";
        var answer = new GuardedResult(
            new Broken(), new RequestLimit(60, TimeProvider.System, CancellationToken.None), new ResponseOptions(), TimeProvider.System,
            () => null, NullLogger.Instance);

        await answer.ExecuteAsync(context);

        Assert.Equal(500, context.Response.StatusCode);
        Assert.Equal("nosniff", context.Response.Headers.XContentTypeOptions);
        Assert.Equal("no-store", context.Response.Headers.CacheControl);
        Assert.False(context.Response.Headers.ContainsKey("ETag"));
        Assert.Equal("application/problem+json; charset=utf-8", context.Response.ContentType);
        Assert.NotEqual(0, sent.Length);
    }

    private static void AssertHeaders(HttpResponseMessage response)
    {
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.True(response.Headers.CacheControl is { NoStore: true } or { NoCache: true }, response.Headers.CacheControl?.ToString());
    }

    private sealed class Broken : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => throw new InvalidOperationException("It cannot be serialized.");
    }
}
