using System.Text.Json;

namespace SalesBrain.Tests.Documentation.Requests;

/// <summary>An operation of the description, as far as requests depend on it.</summary>
internal sealed record DescribedOperation(string Name, HttpMethod Method, string Path, JsonElement Operation)
{
    internal static IReadOnlyList<DescribedOperation> AllOf(JsonElement description) =>
    [
        .. from path in description.GetProperty("paths").EnumerateObject()
           from method in path.Value.EnumerateObject()
           select new DescribedOperation(method.Value.GetProperty("operationId").GetString()!, HttpMethod.Parse(method.Name), path.Name, method.Value),
    ];

    /// <summary>The parameters in the path, the query string or the headers.</summary>
    internal IEnumerable<DescribedParameter> In(string place) =>
        Operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(one => one.GetProperty("in").GetString() == place)
                .Select(one => new DescribedParameter(
                    one.GetProperty("name").GetString()!, one.GetProperty("schema"), one.TryGetProperty("required", out var required) && required.GetBoolean()))
            : [];

    /// <summary>The schema of a JSON body; null where there is none, or where it may be anything.</summary>
    internal JsonElement? Body =>
        Operation.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out var json) && json.TryGetProperty("schema", out var schema)
        && schema.EnumerateObject().Any() ? schema : null;

    /// <summary>The body is a form with files, which generated requests do not have.</summary>
    internal bool TakesOnlyForms =>
        TakesBody && !Operation.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/json", out _);

    internal bool TakesBody => Operation.TryGetProperty("requestBody", out _);

    internal bool BodyIsRequired =>
        TakesBody && Operation.GetProperty("requestBody").TryGetProperty("required", out var required) && required.GetBoolean();

    internal bool IsAnonymous => Operation.GetProperty("security").GetArrayLength() == 0;

    /// <summary>For senders of webhooks, whose token is in a header.</summary>
    internal bool TakesWebhookToken =>
        Operation.GetProperty("security").EnumerateArray().Any(scheme => scheme.TryGetProperty("webhook_token", out _));

    /// <summary>The names of the roles, or a sentence.</summary>
    internal string WhoMayCall => Operation.GetProperty("x-who-may-call").GetString()!;
}

/// <summary>A parameter of an operation.</summary>
internal sealed record DescribedParameter(string Name, JsonElement Schema, bool IsRequired);
