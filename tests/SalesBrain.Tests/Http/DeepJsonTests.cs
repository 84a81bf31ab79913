using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Http;

/// <summary>Free JSON is limited when it comes, and whatever is stored can be returned.</summary>
public sealed class DeepJsonTests(TestApp app)
{
    private const int Limit = 32;
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = 100_000 };

    public static TheoryData<string, string, string> Inputs => new()
    {
        { CrmWorld.Agencies, """{"name": "Desk", "metadata": $}""", "metadata" },
        { CrmWorld.Clients, """{"name": "Desk", "agency_id": "@", "metadata": $}""", "metadata" },
        { CrmWorld.Clients, """{"name": "Desk", "agency_id": "@", "google_analytics": $}""", "google_analytics" },
        { CrmWorld.Clients, """{"name": "Desk", "agency_id": "@", "google_search_console": $}""", "google_search_console" },
        { "/api/admin/webhooks/logs", """{"event_type": "email.sent", "email": "ann@example.com", "data": $}""", "data" },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task Objects_are_accepted_up_to_32_levels(string path, string body, string member)
    {
        var owner = await app.CreateUserAsync("owner");
        var agency = await app.CreateAgencyAsync(owner.OrganizationId!.Value);
        var client = app.As(owner);
        Task<HttpResponseMessage> PostAsync(string json) =>
            client.PostTextAsync(path, body.Replace("@", path == CrmWorld.Clients ? agency.ToString() : "@").Replace("$", json));

        Assert.Equal(HttpStatusCode.Created, (await PostAsync(Nested(Limit))).StatusCode);
        foreach (var json in new[] { Nested(Limit + 1), Nested(60), Nested(62), Nested(64), Nested(1000), Nested(100_000), $$"""{"a":{{NestedArrays(Limit)}}}""" })
        {
            var problem = await (await PostAsync(json)).ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
            Assert.Equal(
                ["must be nested at most 32 levels deep"],
                problem.GetProperty("errors").GetProperty(member).EnumerateArray().Select(text => text.GetString()!));
        }
        foreach (var json in new[] { "[]", "\"text\"", "1", $$"""{"a":"{{new string('x', 32 * 1024)}}"}""", $$"""{"a":[{{string.Join(',', Enumerable.Repeat("1e300", 200))}}]}""" })
        {
            await (await PostAsync(json)).ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        }
    }

    [Theory]
    [InlineData(33)]
    [InlineData(60)]
    [InlineData(62)]
    [InlineData(64)]
    [InlineData(1000)]
    public async Task Stored_row_of_any_depth_is_returned_with_its_page_and_can_be_changed(int depth)
    {
        var owner = await app.CreateUserAsync("owner");
        var agency = await app.CreateAgencyAsync(owner.OrganizationId!.Value);
        var client = await app.CreateClientAsync(owner.OrganizationId.Value, agency);
        var json = Nested(depth);
        await app.ExecuteAsync("""
            update app.agency set metadata = @json::jsonb where id = @agency;
            update app.client set metadata = @json::jsonb, google_business_profile = @json::jsonb, google_search_console = @json::jsonb,
                google_analytics = @json::jsonb where id = @client;
            """, new { json, agency, client });
        using var http = Raw(owner);

        foreach (var path in new[] { CrmWorld.Agencies, $"{CrmWorld.Agencies}/{agency}", CrmWorld.Clients, $"{CrmWorld.Clients}/{client}" })
        {
            Assert.Contains(json, await GetAsync(http, path));
            Assert.Contains(json, await GetAsync(http, path, "application/json; case=camel"));
        }
        using var changed = await http.PutTextAsync($"{CrmWorld.Agencies}/{agency}", """{"name": "Other name"}""");
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        using var cleared = await http.PutTextAsync($"{CrmWorld.Agencies}/{agency}", """{"metadata": null}""");
        Assert.Equal(HttpStatusCode.OK, cleared.StatusCode);

        // What was cleared is in the audit log, which nobody can change.
        Assert.Contains(json, await GetAsync(http, "/api/v1/audit-log"));
        Assert.Contains(json, await GetAsync(http, "/api/v1/audit-log", "application/json; case=camel"));
    }

    [Fact]
    public async Task Stored_data_of_webhooks_and_leads_is_returned_at_any_depth()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var (json, contact) = (Nested(500), await app.CreateContactAsync(organization, "ann@example.com"));
        var lead = await app.CreateLeadAsync(organization, contact);
        var log = await app.CreateWebhookLogAsync(organization, contactEmail: "ann@example.com", contactId: contact, body: null);
        await app.AddWebhookPayloadAsync(organization, log, Encoding.UTF8.GetBytes(Nested(63)), json);
        await app.ExecuteAsync("""
            update app.lead set qualification_data = @json::jsonb, source_data = @json::jsonb, company_data = @json::jsonb, custom_fields = @json::jsonb
            where id = @lead;
            insert into app.activity (organization_id, webhook_log_id, activity_type, contact_id, lead_id, occurred_at, details, created_at)
            select w.organization_id, w.id, 'email.sent', @contact, @lead, w.created_at, @json::jsonb, w.created_at from app.webhook_log w where w.id = @log;
            """, new { json, lead, contact, log });
        using var http = Raw(owner);

        Assert.Equal(5, (await GetAsync(http, $"/api/v1/leads/{lead}")).Split(json).Length - 1);
        var detail = await GetAsync(http, $"/api/admin/webhooks/logs/{log}");
        Assert.Equal(2, detail.Split(json).Length - 1);
        using var parsed = JsonDocument.Parse(detail, AnyDepth);
        var payload = parsed.RootElement.GetProperty("data").GetProperty("payload");
        // Many parsers, this test's too unless told otherwise, stop at 64 levels: the text is there.
        Assert.Equal(JsonValueKind.Null, payload.GetProperty("body_json").ValueKind);
        Assert.Equal(Nested(63), payload.GetProperty("body_text").GetString());
    }

    [Fact]
    public async Task Stored_json_keeps_its_names_and_numbers()
    {
        var owner = await app.CreateUserAsync("owner");
        var client = app.As(owner);
        const string Json = """{"my_key": 1, "myKey": 2, "Nested_Obj": {"inner_key": [{"deepKey": 1e400}]}, "": "\u0001", "twice": 1, "twice": 2}""";
        using var created = await client.PostTextAsync(CrmWorld.Agencies, $$"""{"name": "Desk", "metadata": {{Json}}}""");
        var id = (await created.DataAsync()).GetProperty("id").GetGuid();
        using var http = Raw(owner);

        foreach (var accept in new[] { "application/json", "application/json; case=camel" })
        {
            using var answer = JsonDocument.Parse(await GetAsync(http, $"{CrmWorld.Agencies}/{id}", accept));
            var metadata = answer.RootElement.GetProperty("data").GetProperty("metadata");
            Assert.Equal(
                ["", "Nested_Obj", "myKey", "my_key", "twice"],
                metadata.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
            Assert.Equal(
                "1" + new string('0', 400),
                metadata.GetProperty("Nested_Obj").GetProperty("inner_key")[0].GetProperty("deepKey").GetRawText());
            Assert.Equal(2, metadata.GetProperty("twice").GetInt32());
        }
    }

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("""{"a": """, depth - 1)) + "{}" + new string('}', depth - 1);

    private static string NestedArrays(int depth) => new string('[', depth) + new string(']', depth);

    /// <summary>A client that does not read the responses itself.</summary>
    private HttpClient Raw(TestUser user)
    {
        var http = new HttpClient { BaseAddress = app.Http.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.TokenOf(user));
        return http;
    }

    private static async Task<string> GetAsync(HttpClient http, string path, string accept = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {text}");
        JsonDocument.Parse(text, AnyDepth).Dispose();
        return text;
    }
}
