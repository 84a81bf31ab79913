using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Receiving;

/// <summary>
/// An endpoint that changes after the receiver read it. The statements don't raise its version themselves, as one that somebody writes by
/// hand: the database does.
/// </summary>
public sealed class ChangedEndpointTests(TestApp app)
{
    [Theory]
    [InlineData("update app.webhook_endpoint set status = 'disabled' where id = @Id",
        HttpStatusCode.Forbidden, "webhook_endpoint_disabled", "the endpoint is disabled")]
    [InlineData("update app.organization set status = 'suspended' where id = @OrganizationId",
        HttpStatusCode.Forbidden, "organization_suspended", "the organization is suspended")]
    [InlineData("update app.webhook_endpoint set deleted_at = now() where id = @Id",
        HttpStatusCode.NotFound, "not_found", null)]
    [InlineData("update app.webhook_endpoint set token_hash = sha256(id::text::bytea) where id = @Id",
        HttpStatusCode.NotFound, "not_found", null)]
    public async Task Delivery_that_was_verified_before_the_change_is_refused(
        string change, HttpStatusCode status, string code, string? diagnosis)
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");
        await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(1));
        await app.ExecuteAsync(change, endpoint);

        using var response = await app.Http.PostTextAsync(endpoint.Path, EndpointWorld.SomeEvent(2));

        await response.ProblemAsync(status, code);
        Assert.Equal(1, await app.QuerySingleAsync<int>("select count(*) from app.webhook_log where endpoint_id = @Id", endpoint));
        var rejections = await app.QueryJsonAsync("select cause, diagnosis from app.webhook_rejection where endpoint_id = @Id", endpoint);
        Assert.Equal(diagnosis is null ? 0 : 1, rejections.GetArrayLength());
        Assert.All(rejections.EnumerateArray(), rejection => rejection.AssertIncludes(new { cause = "disabled", diagnosis }));
    }

    [Fact]
    public async Task Change_that_refuses_nothing_costs_one_more_attempt()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");
        await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(1));
        await app.ExecuteAsync("update app.webhook_endpoint set name = 'Renamed' where id = @Id", endpoint);

        var data = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(2));

        Assert.False(data.GetProperty("duplicate").GetBoolean());
        Assert.Equal(2, await app.QuerySingleAsync<int>("select count(*) from app.webhook_log where endpoint_id = @Id", endpoint));
        Assert.Equal(2, await app.QuerySingleAsync<int>("select version from app.webhook_endpoint where id = @Id", endpoint));
    }

    [Fact]
    public async Task Watching_for_silence_is_no_change()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");

        await app.ExecuteAsync("update app.webhook_endpoint set silent_since = now() where id = @Id", endpoint);

        Assert.Equal(1, await app.QuerySingleAsync<int>("select version from app.webhook_endpoint where id = @Id", endpoint));
    }
}
