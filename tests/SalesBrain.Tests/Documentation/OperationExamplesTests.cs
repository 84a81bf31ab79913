using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SalesBrain.LocalHost.Documentation;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Documentation;

/// <summary>The documented examples are what the endpoints take and answer.</summary>
public sealed partial class OperationExamplesTests(TestApp app)
{
    private static readonly OperationExamples Examples = new();
    private static readonly IReadOnlyDictionary<string, HttpFunction> Functions = FunctionCatalog.Load()
        .Http.ToDictionary(function => function.Name);

    public static TheoryData<string> WithRequest => [.. Examples.Names.Where(name => Examples.Request(name) is not null)];

    public static TheoryData<string> WithAnswer => [.. Examples.Names.Where(name => Examples.Answer(name) is not null)];

    [Fact]
    public void Every_example_belongs_to_a_function() => Assert.Subset(Functions.Keys.ToHashSet(), Examples.Names.ToHashSet());

    [Theory]
    [MemberData(nameof(WithRequest))]
    public async Task Example_request_is_valid_input(string operation)
    {
        var function = Functions[operation];
        using var client = app.As(await app.CreateUserAsync("owner"));
        // What the path names is not there, which is told after what is wrong with the body.
        var path = PathParameter().Replace(function.RouteTemplate, Guid.CreateVersion7().ToString());
        using var request = new HttpRequestMessage(HttpMethod.Parse(function.Methods[0]), path)
        {
            Content = new StringContent(Examples.Request(operation)!.ToJsonString(), Encoding.UTF8, "application/json"),
        };

        using var response = await client.SendAsync(request);

        Assert.False(
            (int)response.StatusCode is 400 or 413 or 415 or 422 or >= 500,
            $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    [Theory]
    [MemberData(nameof(WithAnswer))]
    public async Task Example_answer_is_as_documented(string operation)
    {
        var description = JsonSerializer.Deserialize<JsonElement>(await DocumentedFunctions.PageAsync("docs/openapi.json"));
        var documented = description.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .Single(method => method.Value.GetProperty("operationId").GetString() == operation).Value;
        var content = documented.GetProperty("responses").EnumerateObject()
            .SelectMany(response => response.Value.TryGetProperty("content", out var types) ? types.EnumerateObject().Select(type => type.Value) : [])
            .First(type => type.TryGetProperty("example", out _));

        Assert.Empty(new DocumentedSchema(description).Problems(content.GetProperty("example"), content.GetProperty("schema")));
    }

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PathParameter();
}
