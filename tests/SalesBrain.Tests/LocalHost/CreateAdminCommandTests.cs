using System.Net;
using SalesBrain.Core.Values;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.LocalHost;

public sealed class CreateAdminCommandTests(TestApp app)
{
    private const string Password = "quite-a-long-secret";

    [Fact]
    public async Task Administrator_can_sign_in_with_the_password_from_standard_input()
    {
        var (code, output, errors) = await CreateAdminAsync("First.Admin@Platform.example", $"{Password}\n");

        Assert.Equal("", errors);
        Assert.Equal(0, code);
        Assert.Contains("First.Admin@platform.example", output);
        Assert.DoesNotContain(Password, output);
        var answer = await app.Http.PostAsync("/api/v1/auth/login", new { email = "first.admin@platform.example", password = Password });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("sb_admin", (await answer.JsonAsync()).GetProperty("user").GetProperty("role").GetString());
        Assert.Equal(1, await app.QuerySingleAsync<int>("""
            select count(*)::int from app.audit_log l join app.user u on u.id = l.entity_id
            where u.email_norm = 'first.admin@platform.example' and l.action = 'user.created' and l.actor_id is null and l.organization_id is null
            """));
    }

    [Fact]
    public async Task Address_that_somebody_has_is_refused_in_one_line()
    {
        var user = await app.CreateUserAsync("member");

        await AssertRefusedAsync(
            user.Email.ToUpperInvariant(), Password,
            $"A user with the e-mail address {Emails.Shown(user.Email.ToUpperInvariant())} already exists.");
        Assert.Equal("member", await app.QuerySingleAsync<string>("select role from app.user where id = @Id", user));
    }

    [Theory]
    [InlineData("short", "The password must have at least 12 characters.")]
    [InlineData("", "Standard input is empty: the password is read from its first line.")]
    public async Task Password_that_may_not_be_set_is_refused_in_one_line(string password, string expected) =>
        await AssertRefusedAsync("second.admin@platform.example", password, expected);

    [Fact]
    public async Task What_is_no_address_is_refused_in_one_line() =>
        await AssertRefusedAsync("nobody", Password, "--email 'nobody' is not an e-mail address.");

    private async Task AssertRefusedAsync(string email, string password, string expected)
    {
        var (code, _, errors) = await CreateAdminAsync(email, password);

        Assert.Equal(1, code);
        Assert.Equal(expected, errors.TrimEnd());
    }

    private Task<(int ExitCode, string Output, string Errors)> CreateAdminAsync(string email, string input) =>
        LocalHostProcess.RunAsync(
            ["create-admin", "--email", email],
            new Dictionary<string, string> { ["ConnectionStrings__SalesBrainPlatform"] = app.Database.Platform }, input);
}
