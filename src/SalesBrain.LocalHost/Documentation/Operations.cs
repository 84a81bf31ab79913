using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using SalesBrain.Core.Rows;
using SalesBrain.Core.Values;
using SalesBrain.Functions.Http;
using SalesBrain.Functions.Http.Responses;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>Describes one endpoint as an OpenAPI operation.</summary>
internal sealed class Operations(
    OpenApiDocument document, InputSchemas inputs, ResponseSchemas answers, ProblemResponses problems, OperationExamples examples)
{
    /// <summary>A response header, alone in its dictionary.</summary>
    internal static Dictionary<string, IOpenApiHeader> Header(string name, string description, JsonSchemaType type = JsonSchemaType.String) => new()
    {
        [name] = new OpenApiHeader { Description = description, Schema = Schemas.Of(type) },
    };

    internal OpenApiOperation Of(DocumentedEndpoint endpoint) => new()
    {
        OperationId = endpoint.Name,
        Tags = new HashSet<OpenApiTagReference> { new(endpoint.About.Tag, document) },
        Summary = endpoint.About.Summary,
        Description = Describe(endpoint),
        Parameters = Parameters(endpoint).ToList(),
        RequestBody = RequestBody(endpoint),
        Responses = Responses(endpoint),
        Security = Security(endpoint),
        Extensions = Extensions(endpoint),
    };

    private static string Describe(DocumentedEndpoint endpoint)
    {
        var callers = $"**Who may call:** {endpoint.Caller.WhoMayCall}.";
        return endpoint.About.Description is { } description ? $"{description}\n\n{callers}" : callers;
    }

    private IEnumerable<IOpenApiParameter> Parameters(DocumentedEndpoint endpoint)
    {
        foreach (var parameter in endpoint.PathParameters)
        {
            yield return PathParameters.Of(parameter);
        }
        foreach (var parameter in endpoint.InputIsQuery ? inputs.OfQuery(endpoint.Input!) : [])
        {
            yield return parameter;
        }
        if (endpoint.Responses.Any(answer => answer.Status == 304))
        {
            yield return HeaderParameter(
                "If-None-Match", "The `ETag` of an earlier response. If the resource has not changed since, the response is 304.");
        }
        if (endpoint.Problems.Any(problem => problem.Status == 412))
        {
            yield return HeaderParameter(
                "If-Match",
                "The `ETag` of the version that this change is based on. If the resource has changed since, the response is 412.");
        }
    }

    private static OpenApiParameter HeaderParameter(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = Schemas.Of(JsonSchemaType.String),
    };

    private OpenApiRequestBody? RequestBody(DocumentedEndpoint endpoint)
    {
        if (endpoint.BodyTypes.Count == 0)
        {
            return null;
        }
        var example = examples.Request(endpoint.Name);
        return new OpenApiRequestBody
        {
            Required = !endpoint.About.BodyOptional,
            Content = endpoint.BodyTypes.ToDictionary(type => type, type => new OpenApiMediaType
            {
                Schema = endpoint.Input is null ? new OpenApiSchema() : inputs.OfRecord(endpoint.Input),
                Example = type == "application/json" ? example : null,
            }),
        };
    }

    private OpenApiResponses Responses(DocumentedEndpoint endpoint)
    {
        var responses = new OpenApiResponses();
        var told = endpoint.Problems.ToLookup(problem => problem.Status);
        foreach (var status in endpoint.Responses.Select(answer => answer.Status).Concat(told.Select(group => group.Key)).Distinct().Order())
        {
            var successes = endpoint.Responses.Where(answer => answer.Status == status).ToList();
            responses.Add(status.ToString(), successes.Count == 0
                ? problems.Of(told[status].ToList())
                : Success(endpoint, status, successes, told[status].ToList()));
        }
        return responses;
    }

    private OpenApiResponse Success(DocumentedEndpoint endpoint, int status, List<ReturnsAttribute> successes, List<Problem> told)
    {
        // What is mainly a file is one in every format. Client generators cannot return a file or an object, depending on the content type:
        // they take the first.
        var isFile = successes.FirstOrDefault(answer => answer.Body is not null) is { ContentType: not ("application/json" or "text/html" or "text/event-stream") };
        var response = new OpenApiResponse
        {
            Description = ReasonPhrases.GetReasonPhrase(status),
            Headers = SuccessHeaders(endpoint, status),
            Content = successes.Where(answer => answer.Body is not null).GroupBy(answer => answer.ContentType).ToDictionary(
                group => group.Key,
                group => new OpenApiMediaType
                {
                    Schema = isFile ? Schemas.File() : answers.OfAnswers(group.ToList()),
                    Example = group.Contains(endpoint.Responses[0]) ? examples.Answer(endpoint.Name) : null,
                }),
        };
        if (told.Count > 0)
        {
            response.Description += "\n\n" + ProblemResponses.Describe(told);
            response.Headers ??= ProblemResponses.Headers(told);
            response.Content.Add("application/problem+json", problems.Body(told));
        }
        return response;
    }

    private static Dictionary<string, IOpenApiHeader>? SuccessHeaders(DocumentedEndpoint endpoint, int status)
    {
        var headers = status == 201 ? Header("Location", "The URL of the new resource.") : [];
        var isTagged = endpoint.Responses.Any(
            answer => answer.Status == status && answer.Body is { } body && body.IsAssignableTo(typeof(IVersionedRow)));
        if (isTagged || (status is 200 or 304 && endpoint.Responses.Any(answer => answer.Status == 304)))
        {
            headers.Add(
                "ETag", new OpenApiHeader { Description = "The version of the resource.", Schema = Schemas.Of(JsonSchemaType.String) });
        }
        return headers.Count == 0 ? null : headers;
    }

    /// <summary>Empty for an operation without authentication, or whose secret is in its path or body.</summary>
    private List<OpenApiSecurityRequirement> Security(DocumentedEndpoint endpoint)
    {
        var scheme = endpoint.Caller is not AnyoneAttribute { MayBeSignedIn: false } ? SecuritySchemes.AccessToken
            : SecuritySchemes.TakesWebhookToken(endpoint) ? SecuritySchemes.WebhookToken
            : null;
        if (scheme is null)
        {
            return [];
        }
        var required = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
        // An empty requirement as alternative: the call works without a token too.
        return endpoint.Caller is AnyoneAttribute { MayBeSignedIn: true } ? [required, new OpenApiSecurityRequirement()] : [required];
    }

    private static Dictionary<string, IOpenApiExtension> Extensions(DocumentedEndpoint endpoint)
    {
        var extensions = new Dictionary<string, IOpenApiExtension> { ["x-who-may-call"] = Text(endpoint.Caller.WhoMayCall) };
        if (endpoint.Caller is RequiresAttribute requires)
        {
            extensions.Add("x-capability", Text(requires.Capability.ToWireName()));
        }
        return extensions;
    }

    private static JsonNodeExtension Text(string text) => new(JsonValue.Create(text));
}
