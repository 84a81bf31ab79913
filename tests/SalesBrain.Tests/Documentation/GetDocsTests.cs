using System.Net;
using System.Text.RegularExpressions;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Documentation;

public sealed partial class GetDocsTests(TestApp app)
{
    [Theory]
    [InlineData("/api/docs")]
    [InlineData("/api/docs/")]
    public async Task Everything_the_page_asks_for_is_served_by_this_app(string path)
    {
        var page = await app.Http.GetStringAsync(path);
        var script = await app.Http.GetStringAsync("/api/docs/page.js");
        var addresses = Address().Matches(page + script).Select(match => match.Groups["address"].Value).Distinct().ToList();

        Assert.True(addresses.Count >= 5, page);
        foreach (var address in addresses)
        {
            Assert.StartsWith("/api/", address, StringComparison.Ordinal);
            using var response = await app.Http.GetAsync(address);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{address} is {(int)response.StatusCode}");
        }
    }

    [Fact]
    public async Task Browser_may_load_nothing_from_elsewhere()
    {
        using var response = await app.Http.GetAsync("/api/docs");

        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Page_does_not_keep_the_access_token()
    {
        var script = await app.Http.GetStringAsync("/api/docs/page.js");

        Assert.Contains("persistAuthorization: false", script, StringComparison.Ordinal);
        Assert.Contains("localStorage.removeItem(\"authorized\")", script, StringComparison.Ordinal);
    }

    [GeneratedRegex(
        "(src|href|url)(=|: )\"(?<address>[^\"]*)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
