using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Conformance.Requests;

namespace SalesBrain.Tests.Documentation.Clients;

/// <summary>
/// Real responses to <c>Accept: application/json; case=camel</c> have the TypeScript types that a front end generates from the description,
/// rewritten to camelCase by <c>dev/camel-openapi.mjs</c>.
/// </summary>
public sealed partial class CamelCaseTypesTests(TestApp app) : IClassFixture<TestApp>, IDisposable
{
    /// <summary>What may be anything: the description itself.</summary>
    private static readonly string[] Untyped = ["GetOpenApi"];

    /// <summary>Operations that the campaign front end works with.</summary>
    private static readonly string[] FrontEnd =
    [
        "ListCampaigns", "GetCampaign", "GetCampaignAnalytics", "CreateCampaign", "UpdateCampaign", "ListContacts", "GetContact",
        "CreateContact", "UpdateContact", "MergeContacts", "ListContactDuplicates", "ListLeads", "GetLead", "CreateLead", "UpdateLead",
        "QualifyLead", "AssignLead", "BulkUpdateLeads", "BulkAssignLeads", "BulkDeleteLeads", "GetLeadScore", "ListNotifications",
        "CountUnreadNotifications", "GetMe", "ListUsers",
    ];

    private readonly NodeFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Responses_in_camel_case_have_the_generated_types()
    {
        var responses = await RespondAsync();
        Assert.Subset(responses.Select(response => response.Operation).ToHashSet(), FrontEnd.ToHashSet());
        var mistaken = responses.Where(response => response.Wrong is not null).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"{responses.Count} responses, {mistaken.Count} of them also with a wrong name");
        Assert.True(mistaken.Count > 80, $"{mistaken.Count} of {responses.Count}");
        await GenerateTypesAsync();
        var right = string.Concat(
            responses.Select((response, number) => $"export const right{number}: {response.Type} = {response.Body};\n"));
        // The same with one name in snake_case: a type that accepts it would prove nothing about the right one.
        var wrong = string.Concat(mistaken.Select((response, number) =>
            $"// @ts-expect-error: {response.Operation}\nexport const wrong{number}: {response.Type} = {response.Wrong};\n"));
        await _folder.WriteAsync("responses.ts", $"import type {{ operations }} from \"./api\";\n\n{right}{wrong}");

        await _folder.RunPackageAsync(
            "typescript/bin/tsc", "--noEmit", "--strict", "--skipLibCheck", "false", "--lib", "es2022", "--module", "esnext",
            "--moduleResolution", "bundler", _folder.Path("responses.ts"));
    }

    private async Task GenerateTypesAsync()
    {
        await _folder.RunAsync(
            Path.Combine(DocumentedFunctions.Repository, "dev", "camel-openapi.mjs"), NodeFolder.OpenApi, _folder.Path("openapi.json"));
        await _folder.RunPackageAsync(
            "openapi-typescript/bin/cli.js", _folder.Path("openapi.json"), "--output", _folder.Path("api.d.ts"), "--default-non-nullable",
            "false");
    }

    /// <summary>
    /// A successful response of each operation that returns JSON, and a problem of each that a request with a wrong body or id gets.
    /// </summary>
    private async Task<List<CamelResponse>> RespondAsync()
    {
        var administrator = await app.CreateUserAsync("sb_admin");
        await app.CreateLeadAsync(
            await app.CreateOrganizationAsync(), lastName: "Else", company: "Acme", tags: ["a"], interest: "interested");
        var responses = new List<CamelResponse>();
        foreach (var function in FunctionCatalog.Load().Http.Select(function => function.Name).Except(Untyped))
        {
            var example = await Examples.CreateAsync(app, function, administrator);
            await AddAsync(responses, example.Request);
            if (!example.Request.IsRead || example.Names is not null)
            {
                await AddAsync(responses, example.Harmless.IsRead ? example.About($"{Guid.NewGuid()}") : example.Harmless);
            }
        }
        return responses;
    }

    private async Task AddAsync(List<CamelResponse> responses, ConformanceRequest request)
    {
        using var message = request.With("in camelCase", "Accept", "application/json; case=camel").ToMessage();
        using var response = await app.Http.SendAsync(message);
        var type = response.Content.Headers.ContentType?.MediaType;
        if (type?.EndsWith("json", StringComparison.Ordinal) == true && response.Content.Headers.ContentDisposition is null)
        {
            // On one line, so that an expected error is on the next one.
            var body = JsonSerializer.Serialize(await response.JsonAsync());
            responses.Add(new CamelResponse(request.Function, (int)response.StatusCode, type, body));
        }
    }

    private sealed partial record CamelResponse(string Operation, int Status, string ContentType, string Body)
    {
        public string Type => $"operations[\"{Operation}\"][\"responses\"][{Status}][\"content\"][\"{ContentType}\"]";

        /// <summary>With the first name of several words in snake_case; null if it has none.</summary>
        public string? Wrong => Name().Match(Body) is { Success: true } name
            ? new StringBuilder(Body).Remove(name.Index, name.Length)
                .Insert(name.Index, JsonNamingPolicy.SnakeCaseLower.ConvertName(name.Value)).ToString()
            : null;

        [GeneratedRegex("""
            (?<=[{,]")[a-z]+[A-Z][A-Za-z0-9]*(?=":)
            """, RegexOptions.None, 1000)]
        private static partial Regex Name();
    }
}
