using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace SalesBrain.Functions.Http.Binding;

/// <summary>Binds a request to its endpoint's input record: the query string for GET and DELETE, otherwise the body.</summary>
internal static class InputReader
{
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 64, AllowDuplicateProperties = true };

    /// <summary>The input, or the problem with it.</summary>
    internal static async Task<(TInput? Input, Problem? Problem)> ReadAsync<TInput>(
        HttpRequest request, OperationAttribute endpoint, CancellationToken cancellationToken)
        where TInput : class
    {
        var errors = new InputErrors();
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsDelete(request.Method))
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
            return (null, Problems.NotJson);
        }
        using (document)
        {
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Result<TInput>(InputBinder.FromJson(typeof(TInput), document.RootElement, HttpMethods.IsPost(request.Method), errors), errors)
                : (null, Problems.NotAnObject);
        }
    }

    private static (TInput? Input, Problem? Problem) Result<TInput>(object input, InputErrors errors)
        where TInput : class =>
        errors.Any ? (null, Problems.InvalidInput(errors)) : ((TInput)input, null);
}
