using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using SalesBrain.Functions.Http.Responses;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>Problem responses. Endpoints with the same codes share a component.</summary>
internal sealed class ProblemResponses(OpenApiDocument document, SchemaCatalog catalog, ResponseSchemas schemas)
{
    /// <summary>The trace id in examples is the one of the W3C's own (Trace Context, section 3.2.3).</summary>
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    /// <summary>The response for these problems, which all have the same status.</summary>
    internal IOpenApiResponse Of(IReadOnlyList<Problem> problems)
    {
        var name = NameOf(problems);
        if (document.Components?.Responses?.ContainsKey(name) is not true)
        {
            document.AddComponent(name, Build(problems));
        }
        return new OpenApiResponseReference(name, document);
    }

    internal OpenApiMediaType Body(IReadOnlyList<Problem> problems) => new()
    {
        Schema = catalog.Named(NameOf(problems) + "Problem", () => new OpenApiSchema
        {
            AllOf =
            [
                schemas.Of(typeof(Problem.ProblemBody)),
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Required = new HashSet<string> { "code" },
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["code"] = new OpenApiSchema
                        {
                            Type = JsonSchemaType.String,
                            Enum = problems.Select(problem => (JsonNode)problem.Code).ToList(),
                        },
                    },
                },
            ],
        }),
        Examples = problems.ToDictionary(problem => problem.Code, Example),
    };

    /// <summary>What each of the problems means, one line each.</summary>
    internal static string Describe(IReadOnlyList<Problem> problems) =>
        string.Join("\n\n", problems.Select(problem => $"`{problem.Code}`: {problem.Detail}"));

    /// <summary>The headers that go with the problems' status.</summary>
    internal static Dictionary<string, IOpenApiHeader>? Headers(IReadOnlyList<Problem> problems) =>
        problems[0].Status is 429 or 503 ? Operations.Header("Retry-After", "Seconds to wait.", JsonSchemaType.Integer) : null;

    private static string NameOf(IReadOnlyList<Problem> problems) =>
        string.Join(
            "Or",
            problems.Select(problem => string.Concat(problem.Code.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))));

    private OpenApiResponse Build(IReadOnlyList<Problem> problems) => new()
    {
        Description = Describe(problems),
        Headers = Headers(problems),
        Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = Body(problems) },
    };

    private static IOpenApiExample Example(Problem problem)
    {
        var shown = problem.Code == Problems.Invalid.Code
            ? Problems.InvalidMember("email", "is required")
            : problem;
        return new OpenApiExample
        {
            Summary = problem.Title,
            Value = JsonSerializer.SerializeToNode(new Problem.ProblemBody(shown, TraceId), JsonResponse.Snake),
        };
    }
}
