using System.Net;
using System.Text;
using System.Text.Json;
using SalesBrain.Functions.Http.Binding;
using SalesBrain.LocalHost.Documentation;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Http.Binding;

/// <summary>Spellings that the API's description allows: of numbers, lengths, times and what is not given.</summary>
public sealed class ContractTests(TestApp app)
{
    private const string CreateLink = $"{OnboardingWorld.Root}/create-link";

    /// <summary>Public case P46.</summary>
    [Fact]
    public async Task Whole_numbers_may_have_a_zero_fraction()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        foreach (var step in PublicCases.Input("P46").GetProperty("steps").EnumerateArray())
        {
            using var response = await client.PostTextAsync(
                step.GetProperty("path").GetString()!, step.GetProperty("raw_body").GetString()!);
            Assert.Equal(step.GetProperty("status")[0].GetInt32(), (int)response.StatusCode);
        }
    }

    [Theory]
    [InlineData("""{"expiration_days": 70e-1, "total_steps": 0.5E+1}""", null)]
    [InlineData("""{"expiration_days": 7.5}""", "expiration_days")]
    [InlineData("""{"expiration_days": 1e400}""", "expiration_days")]
    [InlineData("""{"expiration_days": 1e9999999}""", "expiration_days")]
    [InlineData("""{"expiration_days": -0}""", "expiration_days")]
    [InlineData("""{"expiration_days": 3.65e3}""", "expiration_days")]
    [InlineData("""{"expiration_days": "7"}""", "expiration_days")]
    public async Task Numbers_are_bounded_however_they_are_written(string body, string? wrong)
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.PostTextAsync(CreateLink, body);

        if (wrong is null)
        {
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            return;
        }
        Assert.Equal(wrong, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Theory]
    [InlineData("limit=5.0&offset=0e0", null)]
    [InlineData("limit=5", null)]
    [InlineData("limit=5.5", "limit")]
    [InlineData("limit=1e400", "limit")]
    public async Task Query_takes_the_same_numbers(string query, string? wrong)
    {
        using var response = await app.As(await app.CreateUserAsync("owner")).GetAsync($"{OnboardingWorld.Root}/links?{query}");

        Assert.Equal(
            wrong ?? "",
            response.IsSuccessStatusCode ? "" : (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    /// <summary>Public case P48.</summary>
    [Fact]
    public async Task Lengths_count_characters()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        foreach (var value in PublicCases.Input("P48").GetProperty("values").EnumerateArray())
        {
            var name = string.Concat(Enumerable.Repeat(value[1].GetString()!, value[2].GetInt32()));
            using var response = await client.PostAsync(CrmWorld.Agencies, new { name });
            Assert.True(value[3].GetInt32() == (int)response.StatusCode, $"{value[0]}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task Lengths_count_what_is_sent_and_what_is_stored()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        foreach (var (letter, most) in new[] { ("\U0001F600", 200), ("e\u0301", 100), ("\u0958", 100), ("\u00E9", 200) })
        {
            using var fits = await client.PostAsync(CrmWorld.Agencies, new { name = string.Concat(Enumerable.Repeat(letter, most)) });
            using var tooLong = await client.PostAsync(
                CrmWorld.Agencies, new { name = string.Concat(Enumerable.Repeat(letter, most + 1)) });
            Assert.Equal(HttpStatusCode.Created, fits.StatusCode);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, tooLong.StatusCode);
        }
        using var metadata = await client.GetAsync($"{CrmWorld.Users}?search=\U0001F600");
        Assert.Equal("search", (await metadata.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Theory]
    [InlineData("2026-03-15t13:00:00+01:00", "2026-03-15t12:00:01z")]
    [InlineData("2026-03-15T12:00:00.000000000Z", "2026-03-15t12:00:00.000001009z")]
    [InlineData("2026-03-15", "2026-03-16")]
    public async Task Times_may_have_small_letters_and_long_fractions(string from, string to)
    {
        var owner = await app.CreateUserAsync("owner");
        await app.CreateWebhookLogAsync(owner.OrganizationId!.Value, createdAt: new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.Zero));

        var data = await app.As(owner)
            .GetDataAsync($"/api/admin/webhooks/logs?date_from={Uri.EscapeDataString(from)}&date_to={Uri.EscapeDataString(to)}");

        Assert.Equal(1, data.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Time_in_a_body_may_have_small_letters()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.PostTextAsync(
            "/api/admin/webhooks/logs",
            """{"event_type": "email.sent", "email": "ann@small.example", "timestamp": "2026-03-15t12:00:00.123456789z"}""");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData(CreateLink, """{"organization_id": null, "template_name": null, "welcome_message": null, "expiration_days": null, "total_steps": null}""")]
    [InlineData(CrmWorld.Agencies, """{"name": "Null", "status": null, "domain": null, "email": null, "metadata": null, "phone": null}""")]
    [InlineData("/api/admin/webhooks/endpoints", """{"name": "Null", "source": "custom", "auth_mode": null, "auth_settings": null, "status": null, "expect_every": null}""")]
    [InlineData(AssignmentWorld.AutoAssign, """{"filter": {"min_lead_score": null}, "dry_run": null, "strategy": null}""")]
    public async Task Null_means_not_given_where_something_is_created(string path, string body)
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.PostTextAsync(path, body);

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    public static TheoryData<string> PostInputs => [.. FunctionCatalog.Load().Http
        .Where(function => function.Methods.Contains("post", StringComparer.OrdinalIgnoreCase))
        .SelectMany(function => PipelineCalls.In(function.Method))
        .Where(call => call.Length == 2)
        .Select(call => call[1].AssemblyQualifiedName!)
        .Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(PostInputs))]
    public void Null_is_as_if_the_member_were_left_out(string input)
    {
        var type = Type.GetType(input, throwOnError: true)!;
        // Values that can be cleared are: a new thing has none.
        var members = InputShape.Of(type).Members.Where(member => !(member.IsOptional && member.IsNullable)).ToList();
        var nulls = JsonSerializer.SerializeToElement(
            members.Where(member => !member.IsRequired).ToDictionary(member => member.Name, _ => (string?)null));
        var (given, absent) = (new InputErrors(), new InputErrors());

        var bound = InputBinder.FromJson(type, nulls, isNullAbsent: true, given);
        var unbound = InputBinder.FromJson(type, JsonElement.Parse("{}"), isNullAbsent: true, absent);

        Assert.Equal(JsonSerializer.Serialize(absent.ToDictionary()), JsonSerializer.Serialize(given.ToDictionary()));
        Assert.All(members, member => Assert.Equal(member.Property.GetValue(unbound), member.Property.GetValue(bound)));
    }

    [Fact]
    public async Task Null_for_a_required_member_or_in_a_change_is_not_left_out()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        using var created = await client.PostTextAsync(CrmWorld.Agencies, """{"name": null}""");
        var path = $"{CrmWorld.Agencies}/{await app.CreateAgencyAsync(owner.OrganizationId!.Value)}";
        await app.ExecuteAsync(
            "update app.agency set city = 'Berlin' where organization_id = @OrganizationId", new { owner.OrganizationId });
        using var changed = await client.PutTextAsync(path, """{"status": null}""");
        using var cleared = await client.PutTextAsync(path, """{"city": null}""");

        Assert.Equal("name", (await created.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal("status", (await changed.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(JsonValueKind.Null, (await cleared.DataAsync()).GetProperty("city").ValueKind);
    }

    [Fact]
    public async Task Plus_sign_of_an_address_may_be_written_as_it_is()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        await app.CreateWebhookLogAsync(organization, contactEmail: "a+b+c@plus.example", campaignName: "blank in name");
        var user = await app.CreateUserAsync("member", organization, password: AuthWorld.Password);
        await app.ExecuteAsync(
            "update app.user set email = @email, email_norm = @email where id = @Id", new { email = "d+e@plus.example", user.Id });
        using var client = app.As(owner);

        foreach (var query in new[] { "contact_email=a+b+c@plus.example", "contact_email=a%2Bb%2Bc@plus.example", "search=a+b+c@plus.example", "search=blank+in" })
        {
            Assert.Equal(1, (await client.GetDataAsync("/api/admin/webhooks/logs?" + query)).GetProperty("total").GetInt32());
        }
        Assert.Equal([user.Id], (await client.PageAsync($"{CrmWorld.Users}?search=d+e@plus.example")).Ids());
        using var form = new StringContent(
            $"grant_type=password&username=d+e@plus.example&password={AuthWorld.Password.Replace(' ', '+')}", Encoding.UTF8,
            "application/x-www-form-urlencoded");
        using var signIn = await app.Http.PostAsync("/api/v1/auth/login", form);
        Assert.Equal(HttpStatusCode.OK, signIn.StatusCode);
    }

    [Theory]
    [InlineData("a b@x.example", "a+b@x.example")]
    [InlineData(" a@x.example ", " a@x.example ")]
    [InlineData("a b", "a b")]
    [InlineData("a@x.example b", "a@x.example b")]
    [InlineData("@ b", "@ b")]
    [InlineData("us @ noon", "us @ noon")]
    public void Blank_is_a_plus_sign_only_where_that_makes_an_address(string text, string expected) =>
        Assert.Equal(expected, QueryText.WithPlusSigns(text));

    /// <summary>Public case P39.</summary>
    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; case=camel")]
    public async Task Keys_of_free_json_keep_their_spelling(string accept)
    {
        using var client = app.As(await app.CreateUserAsync("owner"));
        client.DefaultRequestHeaders.Add("Accept", accept);
        var value = PublicCases.Input("P39").GetProperty("value");

        using var created = await client.PostAsync(CrmWorld.Agencies, new { name = "Free", metadata = value });

        var agency = await created.DataAsync();
        Assert.True(JsonElement.DeepEquals(value, agency.GetProperty("metadata")));
        Assert.True(JsonElement.DeepEquals(
            value, (await client.GetDataAsync($"{CrmWorld.Agencies}/{agency.GetProperty("id").GetGuid()}")).GetProperty("metadata")));
    }
}
