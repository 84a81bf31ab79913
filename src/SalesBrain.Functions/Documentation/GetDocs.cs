using Microsoft.Azure.Functions.Worker;

namespace SalesBrain.Functions.Documentation;

/// <summary>Shows this API's description as a page, for front-end developers; it needs nothing from outside.</summary>
public sealed class GetDocs(RequestPipeline pipeline)
{
    // Only what this app serves itself; Swagger UI draws its icons from data: URLs.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Lazy<DocumentationFile> Page = new(
        () => DocumentationFile.Embedded("documentation/page.html", "text/html; charset=utf-8"));

    [Function(nameof(GetDocs))]
    [Operation("Documentation", "Show the API documentation", Description = "A page on which every endpoint can be tried.")]
    [Anyone("anyone")]
    [Returns(200, typeof(string), Bare = true, ContentType = "text/html")]
    [Returns(304)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/docs")] HttpRequest request) =>
        pipeline.RunAsync<GetDocs>(request, call =>
        {
            var headers = request.HttpContext.Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers["Referrer-Policy"] = "no-referrer";
            return Task.FromResult(Page.Value.Answer(call));
        });
}
