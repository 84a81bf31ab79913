using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace SalesBrain.Functions.Http.Binding;

/// <summary>
/// Binds a request to its endpoint's input record: the query string for GET and for DELETE that takes no body, otherwise the body.
/// </summary>
internal static class InputReader
{
    // Not deeper: the time that parsing takes grows with the square of the depth.
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 64, AllowDuplicateProperties = true };

    /// <summary>
    /// The problem with query parameters of a request that changes something and does not read them: a <c>dry_run</c> in the query string
    /// of a POST must not be ignored. Endpoints that anyone can call accept them, because senders of webhooks add their own.
    /// </summary>
    internal static Problem? FindQueryProblem(Call call, bool readsQuery)
    {
        var method = call.Request.Method;
        if (!call.IsSignedIn || HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || (readsQuery && HttpMethods.IsDelete(method)))
        {
            return null;
        }
        var errors = new InputErrors();
        foreach (var name in call.Request.Query.Keys)
        {
            errors.Add(name, InputBinder.UnknownParameter);
        }
        return errors.Any ? Problems.InvalidInput(errors) : null;
    }

    /// <summary>The input, or the problem with it.</summary>
    internal static async Task<(TInput? Input, Problem? Problem)> ReadAsync<TInput>(
        HttpRequest request, OperationAttribute endpoint, CancellationToken cancellationToken)
        where TInput : class
    {
        var errors = new InputErrors();
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            || (HttpMethods.IsDelete(request.Method) && !endpoint.TakesBody))
        {
            return Result<TInput>(InputBinder.FromPairs(typeof(TInput), request.Query, errors), errors);
        }
        var body = await RequestBody.ReadAsync(request, RequestBody.DefaultLimit, cancellationToken);
        if (body is null)
        {
            return (null, Problems.PayloadTooLarge);
        }
        if (body.Length == 0 && endpoint.BodyOptional)
        {
            return Result<TInput>(InputBinder.FromPairs(typeof(TInput), [], errors), errors);
        }
        if (endpoint.AcceptsForm && RequestBody.IsForm(request))
        {
            using var stream = new MemoryStream(body);
            using var form = new FormReader(stream);
            try
            {
                return Result<TInput>(InputBinder.FromPairs(typeof(TInput), await form.ReadFormAsync(cancellationToken), errors), errors);
            }
            catch (InvalidDataException)
            {
                return (null, Problems.Invalid.Because("The form has too many fields or a field that is too long."));
            }
        }
        if (!RequestBody.IsJson(request))
        {
            return (null, Problems.UnsupportedMediaType);
        }
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, Json);
        }
        catch (JsonException)
        {
            if (FindTooDeepMember(body) is not { } name)
            {
                return (null, Problems.NotJson);
            }
            errors.Add(InputShape.Of(typeof(TInput)).Find(name)?.Name ?? name, InputBinder.TooDeep);
            return Result<TInput>(new object(), errors);
        }
        using (document)
        {
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Result<TInput>(
                    InputBinder.FromJson(typeof(TInput), document.RootElement, HttpMethods.IsPost(request.Method), errors), errors)
                : (null, Problems.NotAnObject);
        }
    }

    /// <summary>The member of the object that is nested too deeply to be parsed; null if the JSON is invalid before.</summary>
    private static string? FindTooDeepMember(byte[] body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Json.MaxDepth + 1 });
        string? member = null;
        try
        {
            while (reader.Read())
            {
                if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
                {
                    member = reader.GetString();
                }
                else if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= Json.MaxDepth)
                {
                    return member;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Invalid JSON, or a name with half a surrogate pair.
        }
        return null;
    }

    private static (TInput? Input, Problem? Problem) Result<TInput>(object input, InputErrors errors)
        where TInput : class =>
        errors.Any ? (null, Problems.InvalidInput(errors)) : ((TInput)input, null);
}
