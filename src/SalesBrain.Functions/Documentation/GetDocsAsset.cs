using Microsoft.Azure.Functions.Worker;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace SalesBrain.Functions.Documentation;

/// <summary>The scripts and styles of the documentation page.</summary>
public sealed class GetDocsAsset(RequestPipeline pipeline)
{
    private const string JavaScript = "text/javascript; charset=utf-8";
    private const string Css = "text/css; charset=utf-8";
    private const string Text = "text/plain; charset=utf-8";

    // The complete list; everything else is 404.
    private static readonly Dictionary<string, Lazy<DocumentationFile>> Assets = new(StringComparer.Ordinal)
    {
        ["page.js"] = new(() => DocumentationFile.Embedded("documentation/page.js", JavaScript)),
        ["page.css"] = new(() => DocumentationFile.Embedded("documentation/page.css", Css)),
        ["swagger-ui-bundle.js"] = SwaggerUi("swagger-ui-bundle.js", JavaScript),
        ["swagger-ui.css"] = SwaggerUi("swagger-ui.css", Css),
        ["favicon-32x32.png"] = SwaggerUi("favicon-32x32.png", "image/png"),
        ["LICENSE"] = SwaggerUi("LICENSE", Text),
        ["NOTICE"] = SwaggerUi("NOTICE", Text),
    };

    [Function(nameof(GetDocsAsset))]
    [Operation("Documentation", "Get a script or style sheet of the documentation page")]
    [Anyone("anyone")]
    [Returns(200, typeof(string), Bare = true, ContentType = "text/javascript")]
    [Returns(200, typeof(string), Bare = true, ContentType = "text/css")]
    [Returns(200, typeof(string), Bare = true, ContentType = "text/plain")]
    [Returns(200, typeof(byte[]), Bare = true, ContentType = "image/png")]
    [Returns(304)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/docs/{asset}")] HttpRequest request,
        string asset) =>
        pipeline.RunAsync<GetDocsAsset>(
            request,
            call => Task.FromResult(Assets.TryGetValue(asset, out var file) ? file.Value.Answer(call) : Problems.NotFound));

    /// <summary>From the package Swashbuckle.AspNetCore.SwaggerUI, of which only the embedded files are used.</summary>
    private static Lazy<DocumentationFile> SwaggerUi(string name, string contentType) => new(() => DocumentationFile.EmbeddedCompressed(
        typeof(ConfigObject).Assembly, $"Swashbuckle.AspNetCore.SwaggerUI.node_modules.swagger_ui_dist.{name}", contentType));
}
