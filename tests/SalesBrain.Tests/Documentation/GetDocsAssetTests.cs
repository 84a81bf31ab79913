using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Documentation;

public sealed class GetDocsAssetTests(TestApp app)
{
    [Theory]
    [InlineData("page.js", "text/javascript", "SwaggerUIBundle(")]
    [InlineData("page.css", "text/css", "body")]
    [InlineData("swagger-ui-bundle.js", "text/javascript", "SwaggerUIBundle")]
    [InlineData("swagger-ui.css", "text/css", ".swagger-ui")]
    [InlineData("favicon-32x32.png", "image/png", "PNG")]
    [InlineData("LICENSE", "text/plain", "Apache License")]
    [InlineData("NOTICE", "text/plain", "swagger-ui")]
    public async Task Asset_is_served_as_what_it_is(string name, string contentType, string contains)
    {
        using var response = await app.Http.GetAsync($"/api/docs/{name}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(contentType, response.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(response.Headers.ETag);
        Assert.Contains(contains, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index.html")]
    [InlineData("oauth2-redirect.js")]
    [InlineData("PAGE.JS")]
    [InlineData("..%2fopenapi.json")]
    public async Task Anything_else_is_not_there(string name)
    {
        using var response = await app.Http.GetAsync($"/api/docs/{name}");

        await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }
}
