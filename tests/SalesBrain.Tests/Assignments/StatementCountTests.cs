using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Assignments;

/// <summary>How many statements the app sends for a bulk call: as many for a thousand things as for ten.</summary>
public sealed class StatementCountTests(CountingApp app) : IClassFixture<CountingApp>
{
    [Fact]
    public async Task A_thousand_contacts_cost_the_statements_of_ten()
    {
        var (organization, client, user) = await CreateAsync();
        await AssertConstantAsync("assign-contacts", async count =>
        {
            var ids = await app.CreateContactsAsync(organization, count);
            return () => PostAsync(client, $"/api/admin/users/{user.Id}/assign-contacts", new { contact_ids = ids }, count);
        });
    }

    [Fact]
    public async Task A_thousand_transfers_cost_the_statements_of_ten()
    {
        var (organization, client, user) = await CreateAsync();
        var previous = await app.CreateUserAsync("member", organization);
        await AssertConstantAsync("assign-contacts with transfer", async count =>
        {
            var ids = await app.CreateContactsAsync(organization, count);
            await PostAsync(client, $"/api/admin/users/{previous.Id}/assign-contacts", new { contact_ids = ids }, count);
            return () =>
                PostAsync(client, $"/api/admin/users/{user.Id}/assign-contacts", new { contact_ids = ids, transfer = true }, count);
        });
    }

    [Fact]
    public async Task A_thousand_campaigns_cost_the_statements_of_ten()
    {
        var (organization, client, user) = await CreateAsync();
        await AssertConstantAsync("assign-campaigns", async count =>
        {
            var ids = await app.QueryAsync<Guid>(
                "insert into app.campaign (organization_id, name) select @organization, 'Campaign' from generate_series(1, @count) "
                + "returning id",
                new { organization, count });
            return () => PostAsync(client, $"/api/admin/users/{user.Id}/assign-campaigns", new { campaign_ids = ids }, count);
        });
    }

    [Fact]
    public async Task A_thousand_automatic_assignments_cost_the_statements_of_ten()
    {
        var (organization, client, _) = await CreateAsync();
        await AssertConstantAsync("auto-assign", async count =>
        {
            var ids = await app.CreateContactsAsync(organization, count);
            return () => PostAsync(client, AssignmentWorld.AutoAssign, new { contact_ids = ids }, count);
        });
    }

    [Fact]
    public async Task A_page_of_users_costs_the_statements_of_one_user()
    {
        var (organization, client, _) = await CreateAsync();
        await AssertConstantAsync("users", async count =>
        {
            await app.ExecuteAsync("""
                insert into app.user (organization_id, email, email_norm, role)
                select @organization, e, e, 'member' from generate_series(1, @count / 10) n cross join lateral (select n || '.' || @batch || '@test.example' as e) x
                """, new { organization, count, batch = Guid.CreateVersion7().ToString() });
            return async () =>
            {
                using var response = await client.GetAsync("/api/admin/users?limit=500");
                await response.DataAsync();
            };
        });
    }

    private async Task<(Guid Organization, HttpClient Client, TestUser User)> CreateAsync()
    {
        var owner = await app.CreateUserAsync("owner");
        return (owner.OrganizationId!.Value, app.As(owner), await app.CreateUserAsync("member", owner.OrganizationId));
    }

    private async Task AssertConstantAsync(string what, Func<int, Task<Func<Task>>> prepare)
    {
        // Once before it counts, as a warm app would have it.
        await (await prepare(10))();
        var few = (await app.StatementsAsync(await prepare(10))).Count;
        var many = (await app.StatementsAsync(await prepare(1000))).Count;
        TestContext.Current.TestOutputHelper!.WriteLine($"{what}: {few} statements for 10, {many} for 1,000");
        Assert.Equal(few, many);
        Assert.InRange(many, 1, 15);
    }

    private static async Task PostAsync<T>(HttpClient client, string path, T body, int expected)
    {
        using var response = await client.PostAsync(path, body);
        Assert.Equal(expected, (await response.JsonAsync()).GetProperty("success_count").GetInt32());
    }
}
