using System.Net;
using System.Text;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Endpoints;

public sealed class EndpointSecrecyTests(TestApp app)
{
    [Theory]
    [InlineData("header")]
    [InlineData("basic")]
    [InlineData("hmac")]
    [InlineData("standard_webhooks")]
    public async Task Token_and_secret_are_returned_once_and_not_stored_in_plain_text(string mode)
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var endpoint = await app.CreateEndpointAsync(owner.OrganizationId!.Value, mode: mode);
        List<string> secrets = [endpoint.Token, endpoint.Secret!];
        foreach (var what in (string[])["token", "secret"])
        {
            using var rotated = await client.PostTextAsync(endpoint.Path + "/rotate", $$"""{"what": "{{what}}"}""");
            secrets.Add((await rotated.DataAsync()).GetProperty(what).GetString()!);
        }
        using var delivered = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent());
        Assert.Equal(HttpStatusCode.OK, delivered.StatusCode);
        using var refused = await app.DeliverAsync(endpoint, "not JSON");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        var told = new StringBuilder();
        using (var renamed = await client.PutAsync(endpoint.Path, new StringContent("""{"name": "Renamed"}""", Encoding.UTF8, "application/json")))
        {
            told.AppendLine(await renamed.Content.ReadAsStringAsync());
        }
        told.AppendLine(await client.GetStringAsync(endpoint.Path));
        told.AppendLine(await client.GetStringAsync(EndpointWorld.Endpoints));
        using (var deleted = await client.DeleteAsync(endpoint.Path))
        {
            told.AppendLine(await deleted.Content.ReadAsStringAsync());
        }
        told.AppendJoin('\n', app.Logs.Lines).AppendLine();
        foreach (var table in (string[])["webhook_endpoint", "audit_log", "webhook_log", "webhook_payload", "webhook_rejection"])
        {
            var rows = await app.QueryAsync<string>(
                $"select to_jsonb(t)::text from app.{table} t where organization_id = @OrganizationId", new { owner.OrganizationId });
            Assert.NotEmpty(rows);
            told.AppendJoin('\n', rows).AppendLine();
        }

        var text = told.ToString();
        Assert.Contains("[redacted]", text, StringComparison.Ordinal);
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes($"sender:{secret}")), text, StringComparison.Ordinal);
            // How PostgreSQL writes bytes.
            Assert.DoesNotContain(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret)), text, StringComparison.Ordinal);
        }
    }
}
