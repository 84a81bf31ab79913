namespace SalesBrain.Tests.App;

[Collection(SerialApp.Collection)]
public sealed class StatementLogTests(SerialApp app)
{
    [Fact]
    public async Task Background_work_of_earlier_requests_is_not_counted()
    {
        var endpoint = await app.CreateEndpointAsync(await app.CreateOrganizationAsync());
        for (var i = 0; i < 20; i++)
        {
            using var delivered = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent(i));
            Assert.True(delivered.IsSuccessStatusCode);
        }

        // As the owner of the database, whose statements do not count.
        var statements = await app.StatementsAsync(() => Eventually.HoldsAsync(
            async () =>
                !await app.QuerySingleAsync<bool>(
                    "select exists (select from app.webhook_log where status = 'pending' and organization_id = @OrganizationId)",
                    new { endpoint.OrganizationId }),
            "The events are processed."));

        Assert.Empty(statements);
    }

    [Fact]
    public async Task Statements_of_a_request_are_counted()
    {
        var client = app.As(await app.CreateUserAsync("owner"));

        var statements = await app.StatementsAsync(() => client.GetDataAsync(CrmWorld.Clients));

        Assert.Contains(statements, statement => statement.Contains("app.client", StringComparison.Ordinal));
    }
}
