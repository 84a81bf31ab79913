using System.Net;
using System.Text.Json;

namespace SalesBrain.Tests.Documentation;

/// <summary>
/// Holds every answer that a test gets against the API's description: its status, content type and body must be as documented. So the
/// description is tested by all tests of all endpoints, and says nothing that isn't so.
/// </summary>
internal sealed class DocumentedResponses(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly Lazy<Task<JsonElement>> Description = new(async () =>
        JsonSerializer.Deserialize<JsonElement>(await DocumentedFunctions.PageAsync("docs/openapi.json")));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var description = await Description.Value;
        if (Find(description, request.Method.Method, request.RequestUri!.AbsolutePath) is { } operation)
        {
            var problem = await ProblemAsync(description, operation, request, response);
            Assert.True(
                problem is null, $"{request.Method} {request.RequestUri.AbsolutePath} ({operation.GetProperty("operationId")}) {problem}");
        }
        return response;
    }

    private static async Task<string?> ProblemAsync(
        JsonElement description, JsonElement operation, HttpRequestMessage request, HttpResponseMessage response)
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
            documented = description.At(reference.GetString()![2..].Replace('/', ' '));
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
        var problems = new DocumentedSchema(description).Problems(body, content.GetProperty("schema"));
        return problems.Count == 0 ? null : $"answered {status} with {body.GetRawText()}, in which {string.Join(", ", problems)}";
    }

    private static JsonElement? Find(JsonElement description, string method, string path)
    {
        var segments = path.Trim('/').Split('/');
        var matching = description.GetProperty("paths").EnumerateObject()
            .Where(candidate => candidate.Value.TryGetProperty(method.ToLowerInvariant(), out var operation)
                && Matches(candidate.Name.Trim('/').Split('/'), segments, operation))
            // A word fits better than a parameter.
            .OrderBy(candidate => candidate.Name.Count(letter => letter == '{'))
            .Select(candidate => (JsonElement?)candidate.Value.GetProperty(method.ToLowerInvariant()));
        return matching.FirstOrDefault();
    }

    private static bool Matches(string[] template, string[] path, JsonElement operation) =>
        template.Length == path.Length && template.Zip(path).All(pair =>
            pair.First.StartsWith('{')
                ? !IsUuid(operation, pair.First[1..^1]) || Guid.TryParse(pair.Second, out _)
                : pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));

    private static bool IsUuid(JsonElement operation, string parameter) =>
        operation.GetProperty("parameters").EnumerateArray().First(one => one.GetProperty("name").GetString() == parameter)
            .GetProperty("schema").TryGetProperty("format", out var format) && format.GetString() == "uuid";
}
