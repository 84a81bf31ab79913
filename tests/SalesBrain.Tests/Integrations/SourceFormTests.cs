using System.Text.Json;
using SalesBrain.Integrations;

namespace SalesBrain.Tests.Integrations;

/// <summary>The form of settings and credentials, by type: every problem at once, and no value in a message.</summary>
public sealed class SourceFormTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private const string Api = """{"base_url": "https://api.example.com/people", "fields": {"email": "email"}}""";

    [Theory]
    [InlineData("Apollo", "{}", """{"api_key": "k-1"}""")]
    [InlineData("Apollo", """{"page_size": 50}""", """{"api_key": "k-1"}""")]
    [InlineData("Zoominfo", "{}", """{"client_id": "c", "client_secret": "s"}""")]
    [InlineData("Zoominfo", """{"api": "legacy"}""", """{"username": "u", "password": "two words"}""")]
    [InlineData("Linkedin", """{"account_id": "512345678"}""", """{"access_token": "t"}""")]
    [InlineData("Api", Api, null)]
    [InlineData("Api", """{"base_url": "https://api.example.com/people", "fields": {"external_id": "$.id"}, "headers": {"Accept": "application/json"}, "auth": {"kind": "none"}}""", "{}")]
    [InlineData("Csv", "{}", null)]
    [InlineData("Csv", """{"country": "DE", "delimiter": ";", "encoding": "windows-1252", "mapping": {"Mail": "email"}}""", null)]
    public void Valid_form_has_no_problem(string type, string config, string? credentials) =>
        Assert.Empty(Check(type, config, credentials));

    [Theory]
    [InlineData("Apollo", "{}", null, "credentials.api_key required")]
    [InlineData("Apollo", "{}", "[]", "credentials invalid|credentials.api_key required")]
    [InlineData("Apollo", """{"page_size": 101, "url": "x"}""", """{"api_key": "a b", "key": 1}""", "config.page_size invalid|config.url unknown|credentials.api_key invalid|credentials.key unknown")]
    [InlineData("Zoominfo", """{"api": "v3"}""", """{"client_id": ""}""", "config.api invalid|credentials.client_id invalid|credentials.client_secret required")]
    [InlineData("Zoominfo", """{"api": "legacy"}""", """{"client_id": "c", "client_secret": "s"}""", "credentials.username required|credentials.password required|credentials.client_id unknown|credentials.client_secret unknown")]
    [InlineData("Linkedin", """{"account_id": "urn:li:1", "lead_type": "ALL"}""", """{"email": "ann@example.com", "password": "hunter2"}""", "config.account_id invalid|config.lead_type invalid|credentials.access_token required|credentials.email unknown|credentials.password unknown")]
    [InlineData("Csv", """{"country": "Germany", "delimiter": ":", "encoding": "ebcdic", "mapping": {"A": "email", "B": "email", "C": "age"}}""", """{"api_key": "k"}""",
        "config.country invalid|config.delimiter invalid|config.encoding invalid|config.mapping.A duplicate|config.mapping.B duplicate|config.mapping.C unknown|credentials.api_key unknown")]
    [InlineData("Api", "{}", null, "config.base_url required|config.fields required")]
    [InlineData("Api", """{"base_url": "http://169.254.169.254/", "fields": {"email": "a..b", "age": "a"}, "items": "[x]"}""", null,
        "config.base_url invalid|config.items invalid|config.fields.email invalid|config.fields.age unknown|config.fields required")]
    [InlineData("Api", """{"base_url": "https://api.example.com", "fields": {"email": "e"}, "method": "DELETE", "headers": {"Host": "a", "Authorization": "Bearer hunter2", "X-Forwarded-For": "1"}}""", null,
        "config.method invalid|config.headers.Host invalid|config.headers.Authorization invalid|config.headers.X-Forwarded-For invalid")]
    [InlineData("Api", """{"base_url": "https://api.example.com", "fields": {"email": "e"}, "auth": {"kind": "header", "name": "Metadata-Flavor"}, "paging": {"kind": "cursor"}}""", """{"token": "t"}""",
        "config.auth.name invalid|config.paging.next required|credentials.api_key required|credentials.token unknown")]
    [InlineData("Api", """{"base_url": "https://api.example.com", "fields": {"email": "e"}, "auth": {"kind": "oauth2", "token_url": "https://10.0.0.1/token"}, "body": {"a": 1}}""", """{"client_id": "c"}""",
        "config.body invalid|config.auth.token_url invalid|credentials.client_secret required")]
    public void Every_problem_is_reported_at_once(string type, string config, string? credentials, string expected)
    {
        var problems = Check(type, config, credentials);

        Assert.Equal(
            expected.Split('|').Order(StringComparer.Ordinal),
            problems.Select(problem => $"{problem.Field} {problem.Code}").Order(StringComparer.Ordinal));
        Assert.DoesNotContain("hunter2", JsonSerializer.Serialize(problems), StringComparison.Ordinal);
        Assert.All(problems, problem => Assert.Matches("^(is|must|has|belongs|maps) ", problem.Message));
    }

    [Theory]
    [InlineData("Apollo", """{"api_key": "@"}""", 201)]
    [InlineData("Linkedin", """{"access_token": "@"}""", 4001)]
    [InlineData("Zoominfo", """{"client_id": "c", "client_secret": "@"}""", 501)]
    public void Long_values_are_refused_and_not_repeated(string type, string credentials, int length)
    {
        var secret = new string('s', length);
        var problems = Check(type, type == "Linkedin" ? """{"account_id": "1"}""" : "{}", credentials.Replace("@", secret));

        Assert.StartsWith("must be 1 to", Assert.Single(problems).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[..20], JsonSerializer.Serialize(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Apollo", """{"person_titles": ["CTO"], "q_keywords": "sales", "include_similar_titles": false}""", "")]
    [InlineData("Apollo", """{"person_titels": ["CTO"], "person_locations": [1]}""", "filters.person_locations invalid|filters.person_titels unknown")]
    [InlineData("Zoominfo", """{"jobTitle": "CTO", "country": ["Germany"]}""", "")]
    [InlineData("Zoominfo", """{"rpp": 1}""", "filters.rpp unknown")]
    [InlineData("Linkedin", """{"days": 366}""", "filters.days invalid")]
    [InlineData("Csv", """{"a": 1}""", "filters.a unknown")]
    public void Filters_of_a_job_are_checked(string type, string filters, string expected)
    {
        var problems = host.Adapters.CheckRequest(Enum.Parse<SourceType>(type), Json("{}"), new SourceRequest(Json(filters)));

        Assert.Equal(
            expected.Split('|', StringSplitOptions.RemoveEmptyEntries),
            problems.Select(problem => $"{problem.Field} {problem.Code}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Csv", "E-Mail", "email", "")]
    [InlineData("Csv", "E-Mail", "mail", "mapping.E-Mail unknown")]
    [InlineData("Api", "contact.email", "email", "")]
    [InlineData("Api", "contact..email", "email", "mapping.contact..email invalid")]
    [InlineData("Apollo", "email", "email", "mapping invalid")]
    public void Mapping_of_a_job_is_checked(string type, string from, string to, string expected)
    {
        var problems = host.Adapters.CheckRequest(
            Enum.Parse<SourceType>(type), Json(Api), new SourceRequest(Mapping: new Dictionary<string, string> { [from] = to }));

        Assert.Equal(
            expected.Split('|', StringSplitOptions.RemoveEmptyEntries), problems.Select(problem => $"{problem.Field} {problem.Code}"));
    }

    private IReadOnlyList<SourceFormProblem> Check(string type, string config, string? credentials) =>
        host.Adapters.Check(Enum.Parse<SourceType>(type), Json(config), credentials is null ? null : Json(credentials));

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
