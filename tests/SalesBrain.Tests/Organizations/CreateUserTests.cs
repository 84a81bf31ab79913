using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

public sealed class CreateUserTests(TestApp app)
{
    [Fact]
    public async Task Without_a_password_somebody_is_invited_by_mail_and_written_down()
    {
        var place = await CrmPlace.CreateAsync(app);
        var admin = await place.CreateUserAsync(app, "admin");
        await app.ExecuteAsync(
            "update app.organization set name = 'Example Outreach' where id = @OrganizationId", new { place.OrganizationId });
        var email = $"New.Person.{Guid.NewGuid():N}@test.example";

        using var response = await app.As(admin).PostTextAsync(
            CrmWorld.Users, $$"""{"email": " {{email}} ", "firstName": " New ", "last_name": "", "role": "Role_Member"}""");

        var data = await response.DataAsync();
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var id = data.GetProperty("id").GetGuid();
        Assert.Equal($"{CrmWorld.Users}/{id}", response.Headers.Location?.ToString());
        data.AssertIncludes(new { email, first_name = "New", last_name = (string?)null, role = "member", status = "invited" });
        Assert.False((await response.JsonAsync()).TryGetProperty("message", out _));
        (await app.QuerySingleJsonAsync("select email_norm, password_hash, organization_id from app.user where id = @id", new { id })).AssertIncludes(
            new { email_norm = email.ToLowerInvariant(), password_hash = (string?)null, organization_id = place.OrganizationId });
        var mail = Assert.Single(app.Mails.To(email));
        Assert.Contains("Example Outreach", mail.Text, StringComparison.Ordinal);
        Assert.Equal(1, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.password_token where user_id = @id and purpose = 'invitation'", new { id }));

        var entry = Assert.Single(await app.AuditOfAsync(id));
        Assert.Equivalent(
            new { Action = "user.created", Entity = "user", ActorId = admin.Id, ActorRole = "admin", place.OrganizationId },
            entry);
        Assert.True(JsonElement.DeepEquals(
            JsonSerializer.SerializeToElement(
                new
                {
                    after = new { email, role = "member", status = "invited", first_name = "New", organization_id = place.OrganizationId },
                }),
            entry.Json), entry.Changes);
    }

    /// <summary>Public case P57: a name from before names were checked.</summary>
    [Fact]
    public async Task Name_of_the_organization_puts_no_link_into_the_mail()
    {
        var place = await CrmPlace.CreateAsync(app);
        var input = JsonElement.Parse(await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "Fixtures", "public-cases", "P57-organization-name-as-an-advertisement-in-mails.json"), TestContext.Current.CancellationToken))
            .GetProperty("input");
        await app.ExecuteAsync(
            "update app.organization set name = @name where id = @OrganizationId",
            new { name = input.GetProperty("organization_name").GetString(), place.OrganizationId });
        var email = $"{Guid.NewGuid():N}@test.example";

        using var response = await app.As(await place.CreateUserAsync(app, "owner"))
            .PostAsync(CrmWorld.Users, new { email, role = "member" });

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.DoesNotMatch(input.GetProperty("must_not_match").GetString()!, Assert.Single(app.Mails.To(email)).Text);
    }

    [Fact]
    public async Task With_a_password_somebody_is_active_and_signs_in_and_no_mail_goes_out()
    {
        var place = await CrmPlace.CreateAsync(app);
        var email = $"{Guid.NewGuid():N}@test.example";
        const string Password = "a long enough password";

        using var response = await app.As(await place.CreateUserAsync(app, "owner")).PostAsync(
            CrmWorld.Users, new { email, role = "client", client_id = place.ClientId, password = Password });

        var data = await response.DataAsync();
        data.AssertIncludes(new { status = "active", role = "client_user", client_name = "Client" });
        Assert.Empty(app.Mails.To(email));
        using var signIn = await app.Http.PostAsync("/api/v1/auth/login", new { email, password = Password });
        Assert.Equal(HttpStatusCode.OK, signIn.StatusCode);
        Assert.DoesNotContain(
            await app.AuditOfAsync(data.GetProperty("id").GetGuid()), entry => entry.Changes.Contains(Password, StringComparison.Ordinal));
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains(Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failing_mail_server_is_told_and_the_user_is_there_to_be_invited_again()
    {
        await using var own = new TestApp();
        await own.InitializeAsync();
        own.Mails.Fails = true;
        using var client = own.As(await own.CreateUserAsync("owner"));

        using var response = await client.PostTextAsync(CrmWorld.Users, """{"email": "unlucky@test.example", "role": "member"}""");

        var answer = await response.JsonAsync();
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Contains("/invitation", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("invited", await own.QuerySingleAsync<string>("select status from app.user where email = 'unlucky@test.example'"));
    }

    [Fact]
    public async Task Address_is_one_persons_in_the_whole_product_in_any_letter_case()
    {
        var (place, other) = (await CrmPlace.CreateAsync(app), await CrmPlace.CreateAsync(app));
        using var client = app.As(await place.CreateUserAsync(app, "owner"));

        using var own = await client.PostAsync(CrmWorld.Users, new { email = place.Staff.Email.ToUpperInvariant(), role = "member" });
        using var others = await client.PostAsync(CrmWorld.Users, new { email = $" {other.Staff.Email} ", role = "member" });

        Assert.Equal(
            (await own.ProblemAsync(HttpStatusCode.Conflict, "already_exists")).WithoutTrace(),
            (await others.ProblemAsync(HttpStatusCode.Conflict, "already_exists")).WithoutTrace());
    }

    [Fact]
    public async Task Two_who_invite_the_same_address_at_once_make_one_user()
    {
        var place = await CrmPlace.CreateAsync(app);
        using var client = app.As(await place.CreateUserAsync(app, "owner"));
        var email = $"{Guid.NewGuid():N}@test.example";

        var statuses = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            using var response = await client.PostAsync(CrmWorld.Users, new { email, role = "member" });
            return response.StatusCode;
        }));

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Conflict], statuses.Order());
        Assert.Single(app.Mails.To(email));
    }

    [Theory]
    [InlineData("""{}""", "email,role")]
    [InlineData("""{"email": "nobody", "role": "member"}""", "email")]
    [InlineData("""{"email": "a@b@c", "role": "member"}""", "email")]
    [InlineData("""{"email": null, "role": "member"}""", "email")]
    [InlineData("""{"email": "x@test.example", "role": "boss"}""", "role")]
    [InlineData("""{"email": "x@test.example", "role": ""}""", "role")]
    [InlineData("""{"email": "x@test.example", "role": "member", "status": "active"}""", "status")]
    [InlineData("""{"email": "x@test.example", "role": "member", "agency_id": "1"}""", "agency_id")]
    [InlineData("""{"email": "x@test.example", "role": "member", "agency_id": "00000000-0000-7000-8000-000000000001"}""", "agency_id")]
    [InlineData("""{"email": "x@test.example", "role": "agency_staff"}""", "agency_id")]
    [InlineData("""{"email": "x@test.example", "role": "client_user", "agency_id": "00000000-0000-7000-8000-000000000001"}""", "agency_id,client_id")]
    [InlineData("""{"email": "x@test.example", "role": "member", "password": "too short"}""", "password")]
    [InlineData("""{"email": "x@test.example", "role": "member", "password": "Password1234"}""", "password")]
    [InlineData("""{"email": "x@test.example", "role": "member", "first_name": "a\u0000b"}""", "first_name")]
    public async Task Bad_input_is_refused_by_member(string body, string members)
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.PostTextAsync(CrmWorld.Users, body);

        Assert.Equal(members, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Empty(await app.QueryAsync<string>("select email from app.user where email = 'x@test.example'"));
    }

    private static string? Text(JsonElement data, string name) => data.GetProperty(name).GetString();
}
