using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Receiving;

/// <summary>What a delivery costs beyond its own work.</summary>
public sealed class DeliveryCostTests(SignInApp app) : IClassFixture<SignInApp>
{
    [Fact]
    public async Task Deliveries_pay_for_no_look_up_whatever_they_carry()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var tokens = await app.SignInAsync(user);
        var endpoint = await app.CreateEndpointAsync(user.OrganizationId!.Value);

        var statements = await app.StatementsAsync(async () =>
        {
            using var response = await app.CallAsync(
                tokens.AccessToken, HttpMethod.Post, $"/api/webhooks/custom/{endpoint.Token}",
                new { event_type = "email.opened", email = "a@b.example" });
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        });

        Assert.NotEmpty(statements);
        Assert.DoesNotContain(statements, statement => statement.Contains("app.refresh_token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Delivery_to_a_cached_endpoint_is_one_statement()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");
        await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(1));

        var statements = await app.StatementsAsync(() => app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(2)));

        // Processing follows behind and reads the endpoint's settings with the payload.
        Assert.Contains("insert into app.webhook_log", Assert.Single(
            statements,
            statement =>
                statement.Contains("app.webhook_endpoint", StringComparison.Ordinal)
                    && !statement.Contains("join app.webhook_payload", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }
}
