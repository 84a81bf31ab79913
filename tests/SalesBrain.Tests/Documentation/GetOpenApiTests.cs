using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Documentation;

public sealed class GetOpenApiTests(TestApp app)
{
    [Fact]
    public async Task Committed_description_is_served()
    {
        using var response = await app.Http.GetAsync("/api/openapi.json");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(DocumentedFunctions.Repository, "docs", "openapi.json")),
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Caller_with_the_current_version_gets_304()
    {
        using var first = await app.Http.GetAsync("/api/openapi.json");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/openapi.json")
        {
            Headers = { IfNoneMatch = { first.Headers.ETag! } },
        };

        using var second = await app.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Caller_that_accepts_gzip_gets_it_compressed_with_another_etag()
    {
        using var plain = await app.Http.GetAsync("/api/openapi.json");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/openapi.json")
        {
            Headers = { AcceptEncoding = { new StringWithQualityHeaderValue("gzip", 0.5) } },
        };

        using var compressed = await app.Http.SendAsync(request);

        Assert.Equal(["gzip"], compressed.Content.Headers.ContentEncoding);
        Assert.Equal(["Accept-Encoding"], compressed.Headers.Vary);
        Assert.NotEqual(plain.Headers.ETag, compressed.Headers.ETag);
        using var reader = new StreamReader(new GZipStream(await compressed.Content.ReadAsStreamAsync(), CompressionMode.Decompress));
        Assert.Equal(await plain.Content.ReadAsStringAsync(), await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Caller_who_refuses_gzip_gets_it_plain()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/openapi.json")
        {
            Headers = { AcceptEncoding = { new StringWithQualityHeaderValue("gzip", 0) } },
        };

        using var response = await app.Http.SendAsync(request);

        Assert.Empty(response.Content.Headers.ContentEncoding);
    }
}
