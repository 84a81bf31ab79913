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

    /// <summary>
    /// Requests with the usual names together, because no operation documents one of them; and with each other name of the method's
    /// parameters.
    /// </summary>
    internal static IEnumerable<ConformanceRequest> Of(Example example, IEnumerable<string> parameters) =>
        parameters.Except(Usual, StringComparer.Ordinal).Select(name => new List<string> { name }).Prepend([.. Usual])
            .SelectMany(names => Of(example.Harmless, names));

    private static IEnumerable<ConformanceRequest> Of(ConformanceRequest request, List<string> names)
    {
        var capitals = names.ConvertAll(name => name.ToUpperInvariant());
        foreach (var spelling in new[] { names, names.ConvertAll(name => name.ToLowerInvariant()), capitals }.DistinctBy(spelling => string.Join(' ', spelling)))
        {
            yield return WithQuery(request, spelling, "no value");
        }
        yield return WithQuery(request, names, "");
        yield return WithQuery(request, names, "7");
        yield return WithMembers(request, names, "no value");
        yield return WithMembers(request, capitals, "no value");
        yield return WithMembers(request, names, 7);
    }

    private static ConformanceRequest WithQuery(ConformanceRequest request, List<string> names, string value) =>
        names.Aggregate(request, (changed, name) => changed.WithQuery(name, value)) with
        {
            Detail = $"query {string.Join(", ", names)} = \"{value}\"",
        };

    private static ConformanceRequest WithMembers(ConformanceRequest request, List<string> names, JsonNode value)
    {
        var body = request.Body is null ? [] : JsonNode.Parse(Encoding.UTF8.GetString(request.Body))!.AsObject();
        foreach (var name in names)
        {
            body[name] = value.DeepClone();
        }
        return request.WithText(body.ToJsonString()) with { Detail = $"body members {string.Join(", ", names)}" };
    }
}
