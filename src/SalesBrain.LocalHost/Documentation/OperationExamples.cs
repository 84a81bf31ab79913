using System.Text.Json;
using System.Text.Json.Nodes;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>
/// Examples of the main operations: a file <c>Examples/{operation}.json</c> with <c>request</c>, <c>answer</c> or both. The answer is the
/// response that the function declares first. Tests send every request and check every response.
/// </summary>
public sealed class OperationExamples
{
    private const string Folder = "documentation/examples/";
    private readonly Dictionary<string, JsonObject> _byOperation = new(StringComparer.Ordinal);

    public OperationExamples()
    {
        var assembly = typeof(OperationExamples).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            _byOperation.Add(Path.GetFileNameWithoutExtension(resource), JsonSerializer.Deserialize<JsonObject>(stream)!);
        }
    }

    /// <summary>The operations that have an example.</summary>
    public IReadOnlyCollection<string> Names => _byOperation.Keys;

    public JsonNode? Request(string operation) => Find(operation, "request");

    public JsonNode? Answer(string operation) => Find(operation, "answer");

    /// <summary>A node has one parent, so each use gets a copy.</summary>
    private JsonNode? Find(string operation, string member) => _byOperation.GetValueOrDefault(operation)?[member]?.DeepClone();
}
