using System.Net;
using System.Text.Json;

namespace SalesBrain.Tests.Documentation;

/// <summary>
/// Holds every answer that a test gets against the API's description: its status, content type and body must be as documented. So the
/// description is tested by all tests of all endpoints, and says nothing that isn't so.
/// </summary>
internal sealed class DocumentedResponses(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly Lazy<Task<Documented>> Description = new(async () =>
        new Documented(JsonSerializer.Deserialize<JsonElement>(await DocumentedFunctions.PageAsync("docs/openapi.json"))));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var description = await Description.Value;
        if (description.Find(request.Method.Method, request.RequestUri!.AbsolutePath) is { } operation)
        {
            var problem = await ProblemAsync(description, operation, request, response);
            Assert.True(
                problem is null, $"{request.Method} {request.RequestUri.AbsolutePath} ({operation.GetProperty("operationId")}) {problem}");
        }
        return response;
    }

    private static async Task<string?> ProblemAsync(
        Documented description, JsonElement operation, HttpRequestMessage request, HttpResponseMessage response)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        if (type is null && response.StatusCode >= HttpStatusCode.BadRequest)
        {
            // The server itself, for what is not even a request.
            return null;
        }
        var status = (int)response.StatusCode;
        if (!operation.GetProperty("responses").TryGetProperty(status.ToString(), out var documented))
        {
            return $"answered {status}, which is not documented: {await response.Content.ReadAsStringAsync()}";
        }
        if (documented.TryGetProperty("$ref", out var reference))
        {
            documented = description.Schema.Resolve(reference);
        }
        var hasContent = documented.TryGetProperty("content", out var types);
        if (type is null || !hasContent)
        {
            return type is null == !hasContent || status == 304
                ? null
                : $"answered {status} with {type ?? "nothing"}, but {(hasContent ? types.GetRawText() : "nothing")} is documented";
        }
        if (!types.TryGetProperty(type, out var content))
        {
            return $"answered {status} with {type}, which is not documented";
        }
        // Files are read as they arrive, and camelCase is not what the description is written in.
        if (!type.EndsWith("json", StringComparison.Ordinal) || response.Content.Headers.ContentDisposition is not null
            || response.Content.Headers.ContentEncoding.Count > 0 || request.Headers.Accept.Any(accept => accept.Parameters.Any(parameter => parameter.Name == "case")))
        {
            return null;
        }
        var body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync());
        var problems = description.Schema.Problems(body, content.GetProperty("schema"));
        return problems.Count == 0 ? null : $"answered {status} with {body.GetRawText()}, in which {string.Join(", ", problems)}";
    }

    /// <summary>The description, with its operations by method and number of segments: thousands of responses are looked up in it.</summary>
    private sealed class Documented
    {
        private readonly ILookup<(string Method, int Segments), Template> _templates;

        internal Documented(JsonElement description)
        {
            Schema = new DocumentedSchema(description);
            _templates = (
                from path in description.GetProperty("paths").EnumerateObject()
                // A word fits better than a parameter.
                orderby path.Name.Count(letter => letter == '{')
                from operation in path.Value.EnumerateObject()
                let segments = path.Name.Trim('/').Split('/')
                select (operation.Name, Template: new Template(segments, operation.Value)))
                .ToLookup(operation => (operation.Name, operation.Template.Segments.Length), operation => operation.Template);
        }

        internal DocumentedSchema Schema { get; }

        internal JsonElement? Find(string method, string path)
        {
            var segments = path.Trim('/').Split('/');
            return _templates[(method.ToLowerInvariant(), segments.Length)].FirstOrDefault(template => template.Matches(segments))?.Operation;
        }
    }

    private sealed record Template(string[] Segments, JsonElement Operation)
    {
        internal bool Matches(string[] path) => Segments.Zip(path).All(pair =>
            pair.First.StartsWith('{')
                ? !IsUuid(pair.First[1..^1]) || Guid.TryParse(pair.Second, out _)
                : pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));

        private bool IsUuid(string parameter) =>
            Operation.GetProperty("parameters").EnumerateArray().First(one => one.GetProperty("name").GetString() == parameter)
                .GetProperty("schema").TryGetProperty("format", out var format) && format.GetString() == "uuid";
    }
}
