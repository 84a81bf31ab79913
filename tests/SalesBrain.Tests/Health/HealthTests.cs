using System.Net;
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
            await app.ExecuteAsync("update app.schema_definition set checksum = @checksum where name like '%find_sign_in%'", new { checksum });
        }
    }
}
