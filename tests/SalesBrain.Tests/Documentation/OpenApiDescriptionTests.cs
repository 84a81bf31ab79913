using System.Text.Json;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using SalesBrain.Functions.Http;
using SalesBrain.Functions.Http.Responses;
using SalesBrain.LocalHost.Hosting;

namespace SalesBrain.Tests.Documentation;

/// <summary>What every client of <c>docs/openapi.json</c> may rely on.</summary>
public sealed class OpenApiDescriptionTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(DocumentedFunctions.Repository, "docs", "openapi.json"));
    private static readonly ReadResult Read = OpenApiDocument.Parse(Text, "json");

    private static IReadOnlyList<OpenApiOperation> Operations { get; } =
        Read.Document!.Paths.Values.SelectMany(path => path.Operations!.Values).ToList();

    [Fact]
    public void Description_is_OpenAPI_3_1_without_errors_or_warnings()
    {
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, Read.Diagnostic!.SpecificationVersion);
        Assert.Empty(Read.Diagnostic.Errors.Concat(Read.Diagnostic.Warnings).Select(error => error.ToString()));
    }

    [Fact]
    public void Every_http_function_is_one_operation_of_its_name() =>
        Assert.Equal(
            FunctionCatalog.Load().Http.Select(function => function.Name).Order(StringComparer.Ordinal),
            Operations.Select(operation => operation.OperationId).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_operation_has_a_tag_a_summary_and_says_who_may_call_it() =>
        Assert.All(Operations, operation =>
        {
            Assert.Single(operation.Tags!);
            Assert.False(string.IsNullOrWhiteSpace(operation.Summary));
            Assert.Contains("**Who may call:**", operation.Description, StringComparison.Ordinal);
        });

    [Fact]
    public void Every_operation_documents_a_success_and_the_failures_of_its_kind() =>
        Assert.All(Operations, operation =>
        {
            var answers = operation.Responses!;
            Assert.Contains(answers.Keys, status => status[0] is '2' or '3');
            Assert.Superset(Expected(operation).ToHashSet(), answers.Keys.ToHashSet());
            Assert.All(answers.Values, answer => Assert.False(string.IsNullOrWhiteSpace(answer.Description)));
        });

    [Fact]
    public void Every_problem_code_in_it_is_in_the_catalogue()
    {
        var known = Problems.All.Select(problem => problem.Code).ToHashSet();
        using var document = JsonDocument.Parse(Text);
        var named = document.RootElement.At("components schemas").EnumerateObject()
            .Where(schema => schema.Name.EndsWith("Problem", StringComparison.Ordinal) && schema.Name != "Problem")
            .SelectMany(schema => schema.Value.At("allOf 1 properties code enum").EnumerateArray())
            .Select(code => code.GetString()!);

        Assert.Subset(known, named.ToHashSet());
    }

    [Fact]
    public void Operations_say_whether_they_need_a_token()
    {
        var expected = FunctionCatalog.Load().Http.ToDictionary(
            function => function.Name,
            function => OperationMetadata.Read(function.ClassType).Caller is AnyoneAttribute { MayBeSignedIn: false });

        // An empty list says that no authentication is needed. Without one, nothing is said.
        Assert.All(Operations.Where(operation => operation.OperationId != "ReceiveWebhookByHeader"), operation =>
            Assert.Equal(expected[operation.OperationId!], operation.Security is { Count: 0 }));
    }

    [Fact]
    public void Descriptions_are_for_callers_not_for_developers()
    {
        using var document = JsonDocument.Parse(Text);

        Assert.All(DescriptionsIn(document.RootElement), description =>
        {
            Assert.DoesNotMatch("cref|inheritdoc|ToString|TODO|<[a-z]+/?>|///", description);
            // A C# name, which a caller never sees.
            Assert.DoesNotMatch(@"`[A-Z][a-z]+[A-Z]\w*`", description);
        });
    }

    private static IEnumerable<string> DescriptionsIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            member.Value.ValueKind == JsonValueKind.String && member.Name is "description" or "summary"
                ? [member.Value.GetString()!]
                : DescriptionsIn(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(DescriptionsIn),
        _ => [],
    };

    private static IEnumerable<string> Expected(OpenApiOperation operation)
    {
        // With an empty requirement beside it, signing in is only possible.
        if (operation.Security is { Count: 1 } security && security[0].Keys.Any(scheme => scheme.Reference.Id == "access_token"))
        {
            yield return "401";
            yield return "403";
        }
        if (operation.RequestBody is not null)
        {
            yield return "400";
            yield return "413";
            yield return "415";
        }
        if (operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Query) == true)
        {
            yield return "422";
        }
        if (operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Path) == true)
        {
            yield return "404";
        }
        yield return "500";
        yield return "503";
    }
}
