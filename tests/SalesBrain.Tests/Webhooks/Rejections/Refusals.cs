using System.Net.Http.Headers;
using System.Text;
using SalesBrain.Data.Webhooks.Rejections;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Rejections;

/// <summary>Deliveries that were refused.</summary>
public static class Refusals
{
    public const string Rejections = "/api/admin/webhooks/rejections";

    /// <summary>
    /// Delivers something that is refused, with the wrong secret unless another cause is meant, and answers the rejection's id.
    /// </summary>
    public static async Task<Guid> RefuseAsync(
        this TestApp app, TestEndpoint endpoint, byte[] body, string contentType = "application/json", bool authenticated = false,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/webhooks/{endpoint.Source}/{endpoint.Token}");
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } };
        foreach (var (name, value) in headers.Concat(authenticated ? endpoint.Sign(Encoding.UTF8.GetString(body), DateTimeOffset.UtcNow) : []))
        {
            request.Headers.Add(name, value);
        }
        using var response = await app.Http.SendAsync(request);
        Assert.False(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await app.QuerySingleAsync<Guid>(
            "select id from app.webhook_rejection where endpoint_id = @Id order by created_at desc, id desc limit 1", new { endpoint.Id });
    }

    /// <inheritdoc cref="RefuseAsync(TestApp, TestEndpoint, byte[], string, bool, ValueTuple{string, string}[])"/>
    public static Task<Guid> RefuseAsync(this TestApp app, TestEndpoint endpoint, string body) =>
        app.RefuseAsync(endpoint, Encoding.UTF8.GetBytes(body));

    /// <summary>A rejection as receiving would have left it, made straight in the database.</summary>
    public static async Task<Guid> CreateRejectionAsync(
        this TestApp app, TestEndpoint endpoint, string cause = "bad_secret", DateTime? createdAt = null, bool readmitted = false)
    {
        var id = Guid.CreateVersion7();
        await app.ExecuteAsync("""
            insert into app.webhook_rejection (id, organization_id, endpoint_id, event_source, cause, diagnosis, body, body_size, created_at, readmitted_at)
            values (@id, @OrganizationId, @endpointId, @Source, @cause, 'made by a test', '{}', 2, @at, @readmittedAt)
            """, new
        {
            id,
            endpoint.OrganizationId,
            endpointId = endpoint.Id,
            endpoint.Source,
            cause,
            at = createdAt ?? DateTime.UtcNow,
            readmittedAt = readmitted ? DateTime.UtcNow : (DateTime?)null,
        });
        return id;
    }

    /// <summary>What is kept at most of a body.</summary>
    public static int Kept => WebhookRejections.MaxBody;
}
