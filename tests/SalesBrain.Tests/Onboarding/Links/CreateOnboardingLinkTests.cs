using System.Net;
using System.Security.Cryptography;
using System.Text;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Onboarding.Links;

[Collection(OnboardingApp.Collection)]
public sealed class CreateOnboardingLinkTests(OnboardingApp app)
{
    private const string Path = OnboardingWorld.Root + "/create-link";

    [Fact]
    public async Task Link_without_input_expires_after_a_week()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);

        using var response = await client.PostAsync(Path, null);

        var data = await response.DataAsync();
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(["link_url", "link_id", "link_token", "expires_at", "status"], data.EnumerateObject().Select(member => member.Name));
        var (id, token) = (data.GetProperty("link_id").GetGuid(), data.GetProperty("link_token").GetString()!);
        Assert.Equal($"{OnboardingWorld.Root}/link/{id}", response.Headers.Location?.ToString());
        Assert.Matches("^[A-Za-z0-9]{32}$", token);
        Assert.Equal($"https://welcome.example/base/o/{token}", data.GetProperty("link_url").GetString());
        Assert.Equal(app.Now.AddDays(7), data.GetProperty("expires_at").GetDateTime());
        Assert.Equal("active", data.GetProperty("status").GetString());

        var row = await app.QuerySingleJsonAsync("""
            select organization_id, created_by, template_name, welcome_message, current_step, total_steps, progress_percentage,
                clicks_count, encode(token_hash, 'hex') as token_hash
            from app.onboarding_link where id = @id
            """, new { id });
        row.AssertIncludes(new
        {
            owner.OrganizationId,
            CreatedBy = owner.Id,
            TemplateName = "Basic Onboarding",
            WelcomeMessage = "Welcome to Salesbrain!",
            CurrentStep = 1,
            TotalSteps = 5,
            ProgressPercentage = 0,
            ClicksCount = 0,
            TokenHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token))),
        });
    }

    [Fact]
    public async Task Input_is_stored_in_the_link()
    {
        var link = await app.CreateOnboardingLinkAsync(days: 365, steps: 50, template: "  Agencies ", welcome: "Hello, \"you\" <b>🎉</b>");

        using var opened = await app.OpenAsync(link);

        var data = await opened.DataAsync();
        data.AssertIncludes(new { TemplateName = "Agencies", WelcomeMessage = "Hello, \"you\" <b>🎉</b>", TotalSteps = 50 });
        Assert.Equal(app.Now.AddDays(365), (await app.StateOfAsync(link)).ExpiresAt);
    }

    [Theory]
    [InlineData("sb_admin")]
    [InlineData("sb_operator")]
    public async Task Platform_operator_names_the_organization(string role)
    {
        var user = await app.CreateUserAsync(role);
        using var client = app.As(user);
        var organization = await app.CreateOrganizationAsync();

        var link = await app.CreateOnboardingLinkAsync(user, organizationId: organization);
        using var unnamed = await client.PostAsync(Path, new { });
        using var unknown = await client.PostAsync(Path, new { organization_id = Guid.NewGuid() });

        var row = await app.QuerySingleJsonAsync(
            "select organization_id, created_by from app.onboarding_link where id = @Id", new { link.Id });
        row.AssertIncludes(new { OrganizationId = organization, CreatedBy = user.Id });
        Assert.Equal("""{"organization_id":["is required, because you do not belong to an organization"]}""", await ErrorsAsync(unnamed));
        Assert.Equal("""{"organization_id":["must be the id of an existing organization"]}""", await ErrorsAsync(unknown));
    }

    [Fact]
    public async Task Owner_may_name_their_own_organization_and_no_other()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);

        using var own = await client.PostAsync(Path, new { organization_id = owner.OrganizationId });
        using var other = await client.PostAsync(Path, new { organization_id = await app.CreateOrganizationAsync() });

        Assert.Equal(HttpStatusCode.Created, own.StatusCode);
        Assert.Equal("""{"organization_id":["must be the id of your own organization"]}""", await ErrorsAsync(other));
        Assert.Equal(
            1, await app.QuerySingleAsync<int>("select count(*)::int from app.onboarding_link where created_by = @Id", new { owner.Id }));
    }

    [Theory]
    [InlineData("""{"expiration_days": 0}""", "expiration_days")]
    [InlineData("""{"expiration_days": 366}""", "expiration_days")]
    [InlineData("""{"expirationDays": "7"}""", "expiration_days")]
    [InlineData("""{"total_steps": 0}""", "total_steps")]
    [InlineData("""{"total_steps": 51}""", "total_steps")]
    [InlineData("""{"template_name": " "}""", "template_name")]
    [InlineData("""{"welcome_message": ""}""", "welcome_message")]
    [InlineData("""{"welcome_message": "a\u0000b"}""", "welcome_message")]
    [InlineData("""{"template_id": "00000000-0000-0000-0000-000000000001"}""", "template_id")]
    [InlineData("""{"token": "abc"}""", "token")]
    public async Task Bad_input_is_refused(string body, string member)
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.PostTextAsync(Path, body);

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(member, problem.Members());
    }

    [Fact]
    public async Task Texts_have_limits()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var longest = await client.PostAsync(
            Path, new { template_name = new string('x', 200), welcome_message = new string('ü', 2000) });
        using var longer = await client.PostAsync(
            Path, new { template_name = new string('x', 201), welcome_message = new string('ü', 2001) });

        Assert.Equal(HttpStatusCode.Created, longest.StatusCode);
        Assert.Equal(
            2, (await longer.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).GetProperty("errors").EnumerateObject().Count());
    }

    [Fact]
    public async Task It_is_in_the_audit_log_and_on_the_dashboard_without_its_token()
    {
        var owner = await app.CreateUserAsync("owner");
        var link = await app.CreateOnboardingLinkAsync(owner, template: "Agencies");

        var entry = Assert.Single(await app.AuditOfAsync(link.Id));
        Assert.Equivalent(new { Action = "onboarding_link.created", Entity = "onboarding_link", ActorId = owner.Id }, entry);
        Assert.Equal("Agencies", entry.Json.GetProperty("after").GetProperty("template_name").GetString());
        Assert.DoesNotContain(link.Token, entry.Changes, StringComparison.Ordinal);
        using var client = app.As(owner);
        using var dashboard = await client.GetAsync("/api/admin/dashboard/recent-activity");
        var fact = Assert.Single((await dashboard.DataAsync()).GetProperty("activity").EnumerateArray());
        fact.AssertIncludes(new { Kind = "onboarding_link", Title = "Onboarding link created", EntityId = link.Id });
    }

    private static async Task<string> ErrorsAsync(HttpResponseMessage response) =>
        (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).GetProperty("errors").GetRawText();
}
