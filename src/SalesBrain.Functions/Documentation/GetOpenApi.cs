using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Documentation;

/// <summary>Hands out this API's own description, for whoever writes or generates a client.</summary>
public sealed class GetOpenApi(FrontDoor frontDoor)
{
    // Made when it is first asked for: the description is written by a build of the very assembly that embeds it.
    private static readonly Lazy<DocumentationFile> File = new(() => DocumentationFile.Embedded("openapi.json", "application/json"));

    [Function(nameof(GetOpenApi))]
    [Endpoint("Documentation", "This description, as OpenAPI 3.1")]
    [Anyone("anyone")]
    [Answers(200, typeof(JsonElement), Bare = true)]
    [Answers(304)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/openapi.json")] HttpRequest request,
        CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<GetOpenApi>(request, (call, _) => Task.FromResult(File.Value.Answer(call)), cancellationToken);
}
