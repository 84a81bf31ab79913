using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Conformance;

namespace SalesBrain.Tests.Documentation.Requests;

/// <summary>
/// Requests in camelCase get what the same requests in snake_case get. Both are sent about equal things, to every operation about
/// campaigns, contacts, leads and notifications: with the fewest members, with all members, and with each member and parameter alone.
/// </summary>
public sealed class SpellingTests(TestApp app) : IClassFixture<TestApp>
{
    private const int Requests = 40;
    private static readonly string[] Tags = ["Campaigns", "Contacts", "Leads", "Notifications"];
    private static readonly JsonElement Description = JsonElement.Parse(
        File.ReadAllText(Path.Combine(DocumentedFunctions.Repository, "docs", "openapi.json")));

    private static readonly Dictionary<string, DescribedOperation> ByName = DescribedOperation.AllOf(Description)
        .Where(operation => operation.Operation.GetProperty("tags").EnumerateArray().Any(tag => Tags.Contains(tag.GetString())))
        .ToDictionary(operation => operation.Name);

    public static TheoryData<string> Operations => [.. ByName.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Camel_case_requests_equal_snake_case_requests(string name)
    {
        var operation = ByName[name];
        var snake = await RespondAsync(operation, inCamelCase: false);
        var camel = await RespondAsync(operation, inCamelCase: true);

        Assert.True(
            DocumentedChecks.NeverSucceeds.Contains(name) || snake.Exists(response => response.Contains(": 2", StringComparison.Ordinal)),
            snake[0]);
        Assert.Equal(snake, camel);
    }

    private async Task<List<string>> RespondAsync(DescribedOperation operation, bool inCamelCase)
    {
        var world = await RequestWorld.CreateAsync(app, operation);
        var random = new Random(operation.Name.Length);
        var values = new SchemaValues(Description, random, world);
        var responses = new List<string>();
        foreach (var request in new GeneratedRequests(operation, values, world, random).Take(Requests).Where(request => request.IsValid))
        {
            using var message = new HttpRequestMessage(
                operation.Method, new Uri(request.Path + (inCamelCase ? InCamelCase(request.Query) : request.Query), UriKind.Relative));
            if (request.Body is { } body)
            {
                message.Content = new ByteArrayContent(inCamelCase ? InCamelCase(body, operation.Body, values) : body);
                message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }
            message.Headers.Add("Authorization", $"Bearer {world.TokenOf("owner")}");
            using var response = await app.Http.SendAsync(message);
            responses.Add($"{request.Kind}: {(int)response.StatusCode} {Masking.All(await response.Content.ReadAsStringAsync())}");
        }
        return responses;
    }

    private static string InCamelCase(string? query) =>
        string.Join('&', (query ?? "").Split('&').Select(
            pair => pair.Split('=', 2) is [var name, var value] ? $"{InCamelCaseName(name)}={value}" : pair));

    private static byte[] InCamelCase(byte[] body, JsonElement? schema, SchemaValues values)
    {
        var json = JsonNode.Parse(body)!;
        return Encoding.UTF8.GetBytes((schema is { } described ? InCamelCase(json, described, values) : json)!.ToJsonString());
    }

    /// <summary>With other names where the schema names members; free JSON keeps its own.</summary>
    private static JsonNode? InCamelCase(JsonNode? json, JsonElement schema, SchemaValues values)
    {
        schema = values.Resolve(schema);
        if (schema.TryGetProperty("oneOf", out var alternatives))
        {
            schema = alternatives.EnumerateArray().Select(values.Resolve).FirstOrDefault(one => one.TryGetProperty("properties", out _));
        }
        if (json is not JsonObject members || schema.ValueKind != JsonValueKind.Object
            || !schema.TryGetProperty("properties", out var described))
        {
            return json?.DeepClone();
        }
        return new JsonObject(members.Select(member => KeyValuePair.Create(
            InCamelCaseName(member.Key),
            described.TryGetProperty(member.Key, out var known) ? InCamelCase(member.Value, known, values) : member.Value?.DeepClone())));
    }

    private static string InCamelCaseName(string name) =>
        string.Concat(
            name.Split('_').Select((word, number) => number == 0 || word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
