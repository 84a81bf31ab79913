using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Http.Binding;

/// <summary>What becomes of the texts that callers send.</summary>
public sealed class TextTests(TestApp app)
{
    [Fact]
    public async Task Texts_are_stored_in_normal_form()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.PostAsync(
            CrmWorld.Agencies, new { name = "Jose\u0301", city = "Zu\u0308rich \uFFFE\uFFFF", metadata = new { text = "e\u0301" } });

        var agency = await response.DataAsync();
        agency.AssertIncludes(new { name = "Jos\u00E9", city = "Z\u00FCrich \uFFFE\uFFFF" });
        // Free JSON is the caller's own.
        Assert.Equal("e\u0301", agency.GetProperty("metadata").GetProperty("text").GetString());
    }

    [Theory]
    [InlineData(@"a\u0000b")]
    [InlineData(@"a\ud800b")]
    [InlineData(@"\udc00")]
    public async Task Text_that_cannot_be_stored_is_refused(string text)
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var name = await client.PostTextAsync(CrmWorld.Agencies, $$"""{"name": "{{text}}"}""");
        using var free = await client.PostTextAsync(CrmWorld.Agencies, $$"""{"name": "x", "metadata": {"{{text}}": 1} }""");

        Assert.Equal("name", (await name.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal("metadata", (await free.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    public static TheoryData<string, string, string> Names => new()
    {
        { CrmWorld.Organizations, "name", """{"name": "NAME", "slug": "a-slug"}""" },
        { CrmWorld.Organizations, "owner.first_name", """{"name": "x", "slug": "a-slug", "owner": {"email": "a@b.example", "first_name": "NAME"}}""" },
        { CrmWorld.Agencies, "name", """{"name": "NAME"}""" },
        { CrmWorld.Clients, "name", """{"name": "NAME", "agency_id": "00000000-0000-4000-8000-000000000000"}""" },
        { CrmWorld.Users, "first_name", """{"email": "a@b.example", "role": "member", "first_name": "NAME"}""" },
        { CrmWorld.Users, "last_name", """{"email": "a@b.example", "role": "member", "last_name": "NAME"}""" },
        { "/api/admin/webhooks/endpoints", "name", """{"source": "custom", "name": "NAME"}""" },
        { "/api/admin/webhooks/logs", "campaign_name", """{"event_type": "email.sent", "campaign_name": "NAME"}""" },
        { $"{OnboardingWorld.Root}/create-link", "template_name", """{"template_name": "NAME"}""" },
    };

    /// <summary>Public case P57, and names that hide something.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Name_is_one_line_of_what_can_be_seen(string path, string member, string body)
    {
        using var client = app.As(await app.CreateUserAsync(path == CrmWorld.Organizations ? "sb_admin" : "owner"));

        foreach (var name in new[]
        {
            PublicCases.Input("P57").GetProperty("organization_name").GetString()!, @"two\nlines", @"Ac\u200Bme", @"\u202Eemca",
            "www.evil.example", "evil.example/x",
        })
        {
            using var response = await client.PostTextAsync(path, body.Replace("NAME", name, StringComparison.Ordinal));
            Assert.Equal(member, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        }
    }

    [Theory]
    [InlineData(CrmWorld.Organizations, "name")]
    [InlineData(CrmWorld.Agencies, "name")]
    [InlineData(CrmWorld.Clients, "name")]
    [InlineData(CrmWorld.Users, "first_name")]
    [InlineData(CrmWorld.Users, "last_name")]
    public async Task Changed_name_follows_the_same_rule(string path, string member)
    {
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        using var response = await client.PutTextAsync($"{path}/{Guid.NewGuid()}", $$"""{"{{member}}": "at https://evil.example"}""");

        Assert.Equal(member, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public async Task Ordinary_names_stay_possible_and_older_ones_readable()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);

        foreach (var name in new[] { "Booking.com", "Monday.com Ltd.", "O\u2019Neill & S\u00F6hne", "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645", "\U0001F468\u200D\U0001F469\u200D\U0001F467 Family" })
        {
            using var response = await client.PostAsync(CrmWorld.Agencies, new { name });
            Assert.Equal(name, (await response.DataAsync()).GetProperty("name").GetString());
        }
        var old = await app.CreateAgencyAsync(owner.OrganizationId!.Value);
        await app.ExecuteAsync("update app.agency set name = @name where id = @old", new { name = "see http://old.example\nnow", old });
        using var changed = await client.PutTextAsync($"{CrmWorld.Agencies}/{old}", """{"city": "Bern"}""");
        Assert.Equal("see http://old.example\nnow", (await changed.DataAsync()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Secrets_stay_as_they_are_sent()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        // In normal form, the Greek question mark is a semicolon.
        using var secret = await client.PostAsync(
            "/api/admin/webhooks/endpoints",
            new
            {
                source = "custom",
                name = "Signed",
                auth_mode = "hmac",
                auth_settings = new { header = "X-Signature" },
                secret = "a long enough sec\u037Eret",
            });
        using var user = await client.PostAsync(
            "/api/admin/webhooks/endpoints",
            new { source = "custom", name = "Named", auth_mode = "basic", auth_settings = new { user = "jose\u0301" } });

        Assert.Equal("secret", (await secret.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal("jose\u0301", (await user.DataAsync()).GetProperty("auth_settings").GetProperty("user").GetString());
    }
}
