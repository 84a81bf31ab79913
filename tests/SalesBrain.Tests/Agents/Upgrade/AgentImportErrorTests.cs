using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.Agents.Upgrade;

/// <summary>Imports that are refused. None of them changes anything.</summary>
public sealed class AgentImportErrorTests(OldInstallation old) : IClassFixture<OldInstallation>, IAsyncLifetime
{
    private const string Heading = "old_agent_id,genesys_user_id,tenant_id\n";

    public async ValueTask InitializeAsync() => await old.RefillAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(Heading + "a0000000-0000-4000-8000-000000000001,1,acme", "no line of the mapping names the agent", 2)]
    [InlineData(Heading + "a0000000-0000-4000-8000-000000000009,1,acme", "Line 2: the table agents has no agent a0000000-0000-4000-8000-000000000009.", 4)]
    [InlineData(Heading + "{1},1,acme\n{2},2,globex\n{5},5,globex", "Line 3: agent a0000000-0000-4000-8000-000000000002 belongs to the tenant acme, not to globex.", 1)]
    [InlineData(Heading + "{1},1,acme\n{2},E-1,acme\n{5},E-1,globex", "Line 4: the Genesys user E-1 is that of agent a0000000-0000-4000-8000-000000000002 already. A Genesys user is one agent.", 1)]
    [InlineData(Heading + "{1},1,acme\n{1},3,acme\n{2},2,acme\n{5},5,globex", "Line 3: old_agent_id is on line 2 already.", 1)]
    [InlineData(Heading + "{1},a b,acme\n{2},,acme\n{5},5,", "Line 3: genesys_user_id must be 1 to 255 characters without spaces.", 3)]
    [InlineData(Heading + "{1},taken,acme\n{2},2,acme\n{5},5,globex", "Agent a0000000-0000-4000-8000-000000000001: the Genesys user taken is a user of another organization than acme.", 1)]
    public async Task Error_of_the_mapping_leaves_everything_as_it_is(string mapping, string expected, int errors)
    {
        await old.ExecuteAsync("""
            delete from app.genesys_user;
            delete from app.user;
            insert into app.user (id, organization_id, email, email_norm, role) values (@Globex, @Globex, 'x@genesys.invalid', 'x@genesys.invalid', 'agent');
            insert into app.genesys_user (organization_id, user_id, genesys_user_id, genesys_org_id, state) values (@Globex, @Globex, 'taken', 'globex', 'active')
            """, new { old.Globex });
        var before = await old.WrittenAsync();

        var report = await old.ImportAsync(
            mapping: mapping.Replace("{", "a0000000-0000-4000-8000-00000000000", StringComparison.Ordinal)
                .Replace("}", "", StringComparison.Ordinal));

        Assert.Contains(
            report.Plan.Errors,
            error => error.EndsWith(expected, StringComparison.Ordinal) || error.Contains(expected, StringComparison.Ordinal));
        Assert.Equal(errors, report.Plan.Errors.Count);
        Assert.Equal("Nothing was imported.", report.Errors().Last());
        Assert.Equal((before, 0), (await old.WrittenAsync(), await old.CountBackupsAsync()));
    }

    [Theory]
    [InlineData("update agents set tenant_id = 'x'", "Agent a0000000-0000-4000-8000-000000000001: the table tenants has no tenant x.")]
    [InlineData("alter table tenants add column tenant_key text; update tenants set tenant_key = 'un' || tenant_id", "Tenant acme: SalesBrain has no tenant with the key unacme.")]
    public async Task Unknown_tenant_is_named(string change, string expected)
    {
        await old.OldAsync("alter table agents drop constraint agents_tenant_id_fkey");
        await old.OldAsync(change);

        Assert.Contains(expected, (await old.ImportAsync()).Plan.Errors);
    }

    [Fact]
    public async Task Tenant_without_a_Genesys_organization_is_named()
    {
        await old.ExecuteAsync("update app.tenant set genesys_org_id = null where tenant_key = 'globex'");
        try
        {
            var error = Assert.Single((await old.ImportAsync()).Plan.Errors);

            Assert.StartsWith(
                "Tenant globex is not mapped to a Genesys organization. Map it first: PUT /api/tenants/", error, StringComparison.Ordinal);
        }
        finally
        {
            await old.ExecuteAsync("update app.tenant set genesys_org_id = 'globex-at-genesys' where tenant_key = 'globex'");
        }
    }

    [Theory]
    [InlineData("drop table agent_sessions", " has no table agent_sessions. If it is in another schema than public, add Search Path to the connection string.")]
    [InlineData("alter table agents drop column tenant_id", "The table agents has no column tenant_id.")]
    [InlineData("alter table agent_conversation_assignments drop column customer_phone, drop column conversation_id", "The table agent_conversation_assignments has no column wa_id or customer_wa_id or customer_phone or contact_phone or phone_number or conversation_id.")]
    [InlineData("alter table tenants add column tenant_key text default 'acme'", "The table tenants has two rows with the key acme.")]
    public async Task Old_table_that_cannot_be_read_is_named(string change, string expected)
    {
        await old.OldAsync(change);

        var error = await Assert.ThrowsAsync<StartupException>(() => old.ImportAsync());

        Assert.StartsWith("--from: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(expected, error.Message, StringComparison.Ordinal);
    }
}
