using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

public sealed class DeleteOrganizationTests(TestApp app)
{
    [Fact]
    public async Task Empty_organization_goes_with_its_tenant_and_tallies_and_its_audit_log_stays()
    {
        var admin = await app.CreateUserAsync("sb_admin");
        using var client = app.As(admin);
        using var made = await client.PostAsync(CrmWorld.Organizations, new { name = $"Mistake {Guid.NewGuid():N}" });
        var id = (await made.DataAsync()).GetProperty("id").GetGuid();
        // Deleted rows leave counts behind: some are added up, some are not yet.
        await app.ExecuteAsync("""
            insert into app.contact (organization_id) values (@id);
            select app.fold_tally_changes(1000);
            delete from app.contact where organization_id = @id;
            """, new { id });

        using var response = await client.SendAsync(HttpMethod.Delete, PathOf(id));

        Assert.Equal(id, (await response.DataAsync()).GetProperty("id").GetGuid());
        Assert.Equal(0, await app.QuerySingleAsync<int>("""
            select ((select count(*) from app.organization where id = @id) + (select count(*) from app.tenant where organization_id = @id)
                + (select count(*) from app.organization_tally where organization_id = @id) + (select count(*) from app.tally_change where organization_id = @id))::int
            """, new { id }));
        Assert.Collection(
            await app.AuditOfAsync(id),
            entry => Assert.Equivalent(new { Action = "organization.created", ActorId = admin.Id, OrganizationId = (Guid?)null }, entry),
            entry => Assert.Equivalent(new { Action = "organization.deleted", ActorId = admin.Id, OrganizationId = (Guid?)null }, entry));
        using var again = await client.SendAsync(HttpMethod.Delete, PathOf(id));
        await again.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        // Adding up the rest must not fail on the organization that is gone.
        await app.ExecuteAsync("select app.fold_tally_changes(1000)");
    }

    [Fact]
    public async Task Non_empty_organization_stays_and_the_problem_lists_its_contents()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        await app.CreateClientAsync(organization);
        await app.CreateClientAsync(organization);
        await app.CreateUserAsync("member", organization, status: "disabled");
        await app.CreateContactAsync(organization);
        using var client = app.As(await app.CreateUserAsync("sb_admin"));

        using var response = await client.SendAsync(HttpMethod.Delete, PathOf(organization));

        var problem = await response.ProblemAsync(HttpStatusCode.Conflict, "not_empty");
        Assert.Equal("The organization still has 2 agencies, 2 clients, 1 contact and 2 users.", problem.GetProperty("detail").GetString());
        Assert.Equal(1, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.tenant where organization_id = @organization", new { organization }));
    }

    [Fact]
    public async Task Concurrent_deletion_and_new_user_only_one_succeeds()
    {
        using var client = app.As(await app.CreateUserAsync("sb_admin"));
        for (var round = 0; round < 5; round++)
        {
            var organization = await app.CreateOrganizationAsync();

            var (deleted, added) = (
                client.SendAsync(HttpMethod.Delete, PathOf(organization)),
                client.PostAsync(
                    CrmWorld.Users, new { email = $"{organization:N}@test.example", role = "member", organization_id = organization }));
            using var deletion = await deleted;
            using var addition = await added;

            var left = await app.QuerySingleAsync<(int, int)>("""
                select (select count(*) from app.organization where id = @organization)::int, (select count(*) from app.user where organization_id = @organization)::int
                """, new { organization });
            Assert.True(
                (deletion.StatusCode, addition.StatusCode, left) is (HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity, (0, 0)) or (HttpStatusCode.Conflict, HttpStatusCode.Created, (1, 1)),
                $"{deletion.StatusCode} {addition.StatusCode} {left}");
        }
    }

    [Fact]
    public async Task Old_version_is_not_deleted()
    {
        var organization = await app.CreateOrganizationAsync();
        using var client = app.As(await app.CreateUserAsync("sb_admin"));
        using var shown = await client.GetAsync(PathOf(organization));
        using var changed = await client.PutTextAsync(PathOf(organization), """{"name": "Kept after all"}""");

        using var stale = await client.SendAsync(HttpMethod.Delete, PathOf(organization), ifMatch: shown.Headers.ETag!.ToString());
        using var fresh = await client.SendAsync(HttpMethod.Delete, PathOf(organization), ifMatch: changed.Headers.ETag!.ToString());

        await stale.ProblemAsync(HttpStatusCode.PreconditionFailed, "changed_meanwhile");
        Assert.Equal(HttpStatusCode.OK, fresh.StatusCode);
    }

    private static string PathOf(Guid organization) => $"{CrmWorld.Organizations}/{organization}";
}
