using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SalesBrain.Tests.Conformance.Protocol;

namespace SalesBrain.Tests.Conformance.Worker;

/// <summary>
/// What the Functions host tells the worker of an HTTP request beside the request itself. The worker binds function parameters to it by
/// name, ignoring case.
/// </summary>
internal static class TriggerMetadata
{
    private static readonly JsonDocumentOptions Lenient =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 512 };

    /// <summary>Scalar members of a JSON body, then query parameters, then route values; of the same name the later counts.</summary>
    internal static Dictionary<string, TypedData> Of(HttpRequest request, ReadOnlyMemory<byte> body, RouteValueDictionary route)
    {
        var metadata = new Dictionary<string, TypedData>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Members(body))
        {
            metadata[name] = new TypedData { String = value };
        }
        // The host reads the parameter "code" as a function key.
        foreach (var (name, value) in request.Query.Where(parameter => !parameter.Key.Equals("code", StringComparison.OrdinalIgnoreCase)))
        {
            metadata[name] = new TypedData { String = value.ToString() };
        }
        foreach (var (name, value) in route)
        {
            metadata[name] = new TypedData { String = $"{value}" };
        }
        metadata.TryAdd("Query", ToJson(request.Query));
        metadata.TryAdd("Headers", ToJson(request.Headers));
        return metadata;
    }

    private static IEnumerable<(string Name, string Value)> Members(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return [];
        }
        try
        {
            using var document = JsonDocument.Parse(body, Lenient);
            return document.RootElement.ValueKind != JsonValueKind.Object ? [] : [.. document.RootElement.EnumerateObject()
                .Where(member => member.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null))
                .Select(member => (member.Name, member.Value.ToString()))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or text that is no Unicode: the host binds nothing.
            return [];
        }
    }

    private static TypedData ToJson(IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> values) =>
        new() { Json = JsonSerializer.Serialize(values.ToDictionary(value => value.Key, value => value.Value.ToString())) };
}
