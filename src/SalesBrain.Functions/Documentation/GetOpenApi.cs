using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace SalesBrain.Functions.Documentation;

/// <summary>Hands out this API's own description, for whoever writes or generates a client.</summary>
public sealed class GetOpenApi(RequestPipeline pipeline)
{
    // Made when it is first asked for: the description is written by a build of the very assembly that embeds it.
    private static readonly Lazy<DocumentationFile> File = new(() => DocumentationFile.Embedded("openapi.json", "application/json"));

    [Function(nameof(GetOpenApi))]
    [Operation("Documentation", "Get the OpenAPI 3.1 description")]
    [Anyone("anyone")]
    [Returns(200, typeof(JsonElement), Bare = true)]
    [Returns(304)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/openapi.json")] HttpRequest request) =>
        pipeline.RunAsync<GetOpenApi>(request, call => Task.FromResult(File.Value.Answer(call)));
}
