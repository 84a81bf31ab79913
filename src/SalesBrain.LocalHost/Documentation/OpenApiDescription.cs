using Microsoft.OpenApi;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>Writes <c>docs/openapi.json</c>, the description of the API for client generators and for the documentation page.</summary>
internal static class OpenApiDescription
{
    private const string Conventions = """
        Every endpoint of SalesBrain follows the same conventions.

        **JSON.** Names are snake_case; requests may spell them in camelCase, and with `Accept: application/json; case=camel` the answer is
        camelCase too. Times are RFC 3339 in UTC (`2026-01-31T09:30:00Z`); where a time is sent, a date means 00:00 UTC. An unknown
        member or parameter is refused. A list in a query string is repeated (`status=failed&status=dead`) or separated by commas.

        **Success** is `{"success": true, "data": …}`. Token endpoints answer in OAuth 2 form; files and streams are themselves.

        **Errors** are `application/problem+json` (RFC 9457). Decide by `code`, show `detail`, and quote `trace_id` when you ask for help.
        With 422, `errors` maps every member or parameter that is wrong to what is wrong with it. What is in another organization is 404,
        exactly as if it did not exist.

        **Lists** take `limit` and `offset`, or `page` and `page_size`; at any depth use `cursor` with the `next_cursor` of the page before.
        Ranges are half-open: `date_from` ≤ x < `date_to`.

        **Sign in** with `POST /api/v1/auth/login` and send the access token as `Authorization: Bearer`.
        """;

    internal static async Task<string> WriteAsync(IReadOnlyList<DocumentedEndpoint> endpoints, XmlComments comments, CancellationToken cancellationToken)
    {
        var text = new StringWriter { NewLine = "\n" };
        await Build(endpoints, comments).SerializeAsync(new OpenApiJsonWriter(text), OpenApiSpecVersion.OpenApi3_1, cancellationToken);
        return text.ToString().TrimEnd() + "\n";
    }

    private static OpenApiDocument Build(IReadOnlyList<DocumentedEndpoint> endpoints, XmlComments comments)
    {
        var document = new OpenApiDocument
        {
            Info = new OpenApiInfo { Title = "SalesBrain API", Version = "1", Description = Conventions.ReplaceLineEndings("\n") },
            Servers = [new OpenApiServer { Url = "/" }],
            Paths = [],
            Components = new OpenApiComponents { SecuritySchemes = SecuritySchemes.All },
            Tags = endpoints.Select(endpoint => endpoint.About.Tag).Distinct().Order(StringComparer.Ordinal).Select(tag => new OpenApiTag { Name = tag }).ToHashSet(),
        };
        document.RegisterComponents();
        var catalog = new SchemaCatalog(document);
        var answers = new ResponseSchemas(catalog, comments);
        // Responses first: a type that is answered keeps its plain name where it is also sent.
        foreach (var answer in endpoints.SelectMany(endpoint => endpoint.Responses).Where(answer => answer.Body is not null))
        {
            answers.OfAnswer(answer);
        }
        var operations = new Operations(
            document, new InputSchemas(catalog, comments), answers, new ProblemResponses(document, answers), new OperationExamples());
        foreach (var path in endpoints.GroupBy(endpoint => endpoint.Path).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            document.Paths.Add(path.Key, new OpenApiPathItem
            {
                Operations = path.OrderBy(endpoint => Array.IndexOf(Methods, endpoint.Method)).ToDictionary(endpoint => HttpMethod.Parse(endpoint.Method), operations.Of),
            });
        }
        Sort(document.Components);
        return document;
    }

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    /// <summary>By name, so that a change elsewhere moves nothing.</summary>
    private static void Sort(OpenApiComponents components)
    {
        components.Schemas = new SortedDictionary<string, IOpenApiSchema>(components.Schemas ?? new Dictionary<string, IOpenApiSchema>(), StringComparer.Ordinal);
        components.Responses = new SortedDictionary<string, IOpenApiResponse>(components.Responses ?? new Dictionary<string, IOpenApiResponse>(), StringComparer.Ordinal);
    }
}
