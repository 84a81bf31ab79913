using System.Net;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Endpoints;

public sealed class DeleteWebhookEndpointTests(TestApp app)
{
    [Fact]
    public async Task Both_tokens_stop_at_once_and_logs_stay()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var first = await app.CreateEndpointAsync(owner.OrganizationId!.Value);
        using var rotated = await client.PostTextAsync(first.Path + "/rotate", """{"what": "token"}""");
        var second = first with { Token = (await rotated.DataAsync()).GetProperty("token").GetString()! };
        foreach (var (endpoint, number) in new[] { (first, 1), (second, 2) })
        {
            using var taken = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(number));
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        }

        using var deleted = await client.DeleteAsync(first.Path);

        Assert.Equal(first.Id, (await deleted.DataAsync()).GetProperty("id").GetGuid());
        foreach (var endpoint in new[] { first, second })
        {
            using var refused = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(3));
            await refused.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
        Assert.Equal(2, await app.QuerySingleAsync<int>("select count(*) from app.webhook_log where endpoint_id = @Id", new { first.Id }));
        Assert.Equal(owner.Id, await app.QuerySingleAsync<Guid>(
            "select actor_id from app.audit_log where entity_id = @Id and action = 'webhook_endpoint.deleted'", new { first.Id }));
    }

    [Fact]
    public async Task It_is_not_there_any_more()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var endpoint = await app.CreateEndpointAsync(owner.OrganizationId!.Value);

        using var deleted = await client.DeleteAsync(endpoint.Path);

        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        foreach (var call in EndpointCalls.OnOne)
        {
            using var response = await call.SendAsync(client, endpoint.Path);
            await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
    }
}
