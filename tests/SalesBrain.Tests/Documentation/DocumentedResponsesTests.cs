using System.Net;
using System.Text;
using Xunit.Sdk;

namespace SalesBrain.Tests.Documentation;

public sealed class DocumentedResponsesTests
{
    private const string Problem =
        """{"type": "urn:x", "title": "x", "status": 401, "detail": "x", "code": "unauthorized", "trace_id": "x"}""";

    [Theory]
    [InlineData("/api/health/live", 200, "application/json", """{"status": "up"}""")]
    [InlineData("/api/v1/auth/me", 401, "application/problem+json", Problem)]
    [InlineData("/api/docs", 304, null, "")]
    [InlineData("/nowhere", 418, "text/tea", "")]
    public async Task Documented_answer_passes(string path, int status, string? type, string body) =>
        Assert.Equal(status, (int)(await AskAsync(path, status, type, body)).StatusCode);

    [Theory]
    [InlineData("/api/health/live", 202, "application/json", """{"status": "up"}""", "answered 202, which is not documented")]
    [InlineData("/api/health/live", 200, "text/plain", "up", "with text/plain, which is not documented")]
    [InlineData("/api/health/live", 200, null, "", "answered 200 with nothing")]
    [InlineData("/api/health/live", 200, "application/json", "{}", "$.status is missing")]
    [InlineData("/api/health/live", 200, "application/json", """{"status": null}""", "$.status is null, not string")]
    [InlineData("/api/health/live", 200, "application/json", """{"status": "up", "since": 1}""", "$.since is not documented")]
    [InlineData("/api/health/ready", 200, "application/json", """{"status": "up", "details": {"database": "up", "missing_migrations": [1], "oldest_pending_webhook_seconds": 1.5}}""", "$.details.missing_migrations[0] is 1, not string, $.details.oldest_pending_webhook_seconds is 1.5, not null or integer")]
    [InlineData("/api/v1/auth/me", 200, "application/json", """{"success": false, "data": {}}""", "$.success is false, not one of")]
    [InlineData("/api/v1/auth/me", 403, "application/problem+json", Problem, "$.code is \"unauthorized\", not one of")]
    public async Task Anything_else_fails_the_test_that_asked(string path, int status, string? type, string body, string message)
    {
        var failure = await Assert.ThrowsAnyAsync<XunitException>(() => AskAsync(path, status, type, body));

        Assert.Contains(message, failure.Message.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> AskAsync(string path, int status, string? type, string body)
    {
        using var client = new HttpClient(new DocumentedResponses(new Canned(status, type, body)))
        {
            BaseAddress = new Uri("http://localhost"),
        };
        return await client.GetAsync(path);
    }

    /// <summary>Gives one answer to everything.</summary>
    private sealed class Canned(int status, string? type, string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage((HttpStatusCode)status);
            if (type is not null)
            {
                response.Content = new StringContent(body, Encoding.UTF8, type);
            }
            return Task.FromResult(response);
        }
    }
}
