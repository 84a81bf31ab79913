using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Health;

public sealed class HealthTests(TestApp app)
{
    [Fact]
    public async Task Live_and_ready_are_up_without_details_for_anyone()
    {
        Assert.Equal("""{"status":"up"}""", await app.Http.GetStringAsync("/api/health/live"));
        Assert.Equal("""{"status":"up"}""", await app.Http.GetStringAsync("/api/health/ready"));
    }

    /// <summary>Public case P51: monitors ask with HEAD.</summary>
    [Fact]
    public async Task HEAD_works_as_GET_without_the_body()
    {
        var steps = JsonElement.Parse(await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "Fixtures", "public-cases", "P51-head-on-the-health-endpoints.json"), TestContext.Current.CancellationToken))
            .GetProperty("input").GetProperty("steps");

        foreach (var path in steps.EnumerateArray().Select(step => step.GetProperty("path").GetString()!))
        {
            using var get = await app.Http.GetAsync(path);
            using var head = await app.Http.SendAsync(HttpMethod.Head, path);

            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
        // Only there: elsewhere HEAD is not served.
        using var other = await app.Http.SendAsync(HttpMethod.Head, "/api/v1/auth/me");
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Fact]
    public async Task Platform_operators_see_the_details()
    {
        using var response = await app.As(await app.CreateUserAsync("sb_operator")).GetAsync("/api/health/ready");

        var details = (await response.JsonAsync()).GetProperty("details");
        Assert.Equal("up", details.GetProperty("database").GetString());
        Assert.Equal(0, details.GetProperty("missing_migrations").GetArrayLength());
    }

    [Fact]
    public async Task Owners_see_no_details()
    {
        using var response = await app.As(await app.CreateUserAsync("owner")).GetAsync("/api/health/ready");

        Assert.False((await response.JsonAsync()).TryGetProperty("details", out _));
    }

    [Fact]
    public async Task Operator_who_was_disabled_sees_no_details()
    {
        using var response = await app.As(await app.CreateUserAsync("sb_operator", status: "disabled")).GetAsync("/api/health/ready");

        Assert.False((await response.JsonAsync()).TryGetProperty("details", out _));
    }

    [Fact]
    public async Task Database_behind_the_build_is_not_ready()
    {
        var checksum = await app.QuerySingleAsync<string>("select checksum from app.schema_definition where name like '%find_sign_in%'");
        await app.ExecuteAsync("update app.schema_definition set checksum = 'old' where name like '%find_sign_in%'");
        try
        {
            using var response = await app.Http.GetAsync("/api/health/ready");

            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal("down", (await response.JsonAsync()).GetProperty("status").GetString());
        }
        finally
        {
            await app.ExecuteAsync(
                "update app.schema_definition set checksum = @checksum where name like '%find_sign_in%'", new { checksum });
        }
    }

    [Fact]
    public async Task Details_are_left_out_on_request()
    {
        using var operators = app.As(await app.CreateUserAsync("sb_admin"));

        Assert.Equal("""{"status":"up"}""", await operators.GetStringAsync("/api/health/ready?details=false"));
        Assert.Contains("\"database\":\"up\"", await operators.GetStringAsync("/api/health/ready?details=true"), StringComparison.Ordinal);
        Assert.Equal("""{"status":"up"}""", await app.Http.GetStringAsync("/api/health/ready?details=true"));
    }
}
