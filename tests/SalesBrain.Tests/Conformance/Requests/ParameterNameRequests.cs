using System.Text;
using System.Text.Json.Nodes;

namespace SalesBrain.Tests.Conformance.Requests;

/// <summary>
/// Query parameters and body members that are called like a parameter of the function's method. The worker binds parameters by name, so a
/// value that it cannot convert must not keep the request from the function.
/// </summary>
internal static class ParameterNameRequests
{
    /// <summary>Names that methods of functions usually have.</summary>
    private static readonly string[] Usual = ["cancellationToken", "request", "context"];

    internal static IEnumerable<ConformanceRequest> Of(Example example, IEnumerable<string> parameters)
    {
        var harmless = example.Harmless;
        foreach (var name in parameters.Union(Usual, StringComparer.Ordinal))
        {
            foreach (var spelling in new[] { name, name.ToLowerInvariant(), name.ToUpperInvariant() }.Distinct(StringComparer.Ordinal))
            {
                yield return harmless.WithQuery(spelling, "no value") with { Detail = "query" };
            }
            yield return harmless.WithQuery(name, "") with { Detail = "query" };
            yield return harmless.WithQuery(name, "7") with { Detail = "query" };
            yield return WithMember(harmless, name, "no value");
            yield return WithMember(harmless, name.ToUpperInvariant(), "no value");
            yield return WithMember(harmless, name, 7);
        }
    }

    private static ConformanceRequest WithMember(ConformanceRequest request, string name, JsonNode value)
    {
        var body = request.Body is null ? [] : JsonNode.Parse(Encoding.UTF8.GetString(request.Body))!.AsObject();
        body[name] = value;
        return request.WithText(body.ToJsonString()) with { Detail = $"body member {name}" };
    }
}
