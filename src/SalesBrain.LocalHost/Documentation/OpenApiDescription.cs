using Microsoft.OpenApi;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>Writes <c>docs/openapi.json</c>, the description of the API for client generators and for the documentation page.</summary>
internal static class OpenApiDescription
{
    private const string Conventions = """
        Every endpoint of SalesBrain follows the same conventions.

        **JSON.** Names are in snake_case. Requests can use camelCase instead. With `Accept: application/json; case=camel` the response uses
        camelCase too. Times are RFC 3339 in UTC (`2026-01-31T09:30:00Z`), in the years 1900 to 9998; a date sent as a time means 00:00 UTC.
        Unknown fields and parameters are refused. In a query string, repeat a list parameter (`status=failed&status=dead`) or separate its values by commas.

        **Success** responses are `{"success": true, "data": …}`. Token endpoints respond in OAuth 2 format. Files and streams have no envelope.

        **Errors** are `application/problem+json` (RFC 9457). Programs use `code`, people read `detail`, and support needs `trace_id`.
        With 422, `errors` contains the messages for each invalid field or parameter. A resource of another organization returns 404, as if
        it did not exist. So does a malformed id in a path, possibly without a body; in a query string or a body it is 422.

        **Lists** take `limit` and `offset`, or `page` and `page_size`. For pages at any depth, send the previous page's `next_cursor` as
        `cursor`. Time ranges include the start and exclude the end: `date_from` ≤ x < `date_to`.

        **Sign in** with `POST /api/v1/auth/login`, then send the access token as `Authorization: Bearer`.
        """;

    internal static async Task<string> WriteAsync(
        IReadOnlyList<DocumentedEndpoint> endpoints, XmlComments comments, CancellationToken cancellationToken)
    {
        var text = new StringWriter { NewLine = "\n" };
        await Build(endpoints, comments).SerializeAsync(new OpenApiJsonWriter(text), OpenApiSpecVersion.OpenApi3_1, cancellationToken);
        return text.ToString().TrimEnd() + "\n";
    }

    private static OpenApiDocument Build(IReadOnlyList<DocumentedEndpoint> endpoints, XmlComments comments)
    {
        var document = new OpenApiDocument
        {
            Info = new OpenApiInfo
            {
                Title = "SalesBrain API",
                Version = "1",
                Summary = "The back end of SalesBrain: webhooks, campaigns, leads, assignments and onboarding.",
                Description = Conventions.ReplaceLineEndings("\n"),
                Contact = new OpenApiContact { Name = "SalesBrain" },
                License = new OpenApiLicense { Name = "Proprietary", Identifier = "LicenseRef-Proprietary" },
            },
            Servers = [new OpenApiServer { Url = "/", Description = "The host that serves this description." }],
            Paths = [],
            Components = new OpenApiComponents { SecuritySchemes = SecuritySchemes.All },
            Tags = endpoints.Select(endpoint => endpoint.About.Tag).Distinct().Order(StringComparer.Ordinal)
                .Select(tag => new OpenApiTag { Name = tag, Description = TagDescriptions.Of(tag) }).ToHashSet(),
        };
        document.RegisterComponents();
        var catalog = new SchemaCatalog(document);
        var answers = new ResponseSchemas(catalog, comments);
        // Responses first, so that a type used in both keeps its plain name for responses.
        foreach (var body in endpoints.SelectMany(endpoint => endpoint.Responses).Where(answer => answer is { Body: not null, ContentType: "application/json" }))
        {
            answers.Of(body.Body!);
        }
        var operations = new Operations(
            document, new InputSchemas(catalog, comments), answers, new ProblemResponses(document, catalog, answers),
            new OperationExamples());
        foreach (var path in endpoints.GroupBy(endpoint => endpoint.Path).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            document.Paths.Add(path.Key, new OpenApiPathItem
            {
                Operations = path.OrderBy(endpoint => Array.IndexOf(Methods, endpoint.Method))
                    .ToDictionary(endpoint => HttpMethod.Parse(endpoint.Method), operations.Of),
            });
        }
        Sort(document.Components);
        return document;
    }

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    /// <summary>By name, so that a change elsewhere moves nothing.</summary>
    private static void Sort(OpenApiComponents components)
    {
        components.Schemas = new SortedDictionary<string, IOpenApiSchema>(
            components.Schemas ?? new Dictionary<string, IOpenApiSchema>(), StringComparer.Ordinal);
        components.Responses = new SortedDictionary<string, IOpenApiResponse>(
            components.Responses ?? new Dictionary<string, IOpenApiResponse>(), StringComparer.Ordinal);
    }
}
