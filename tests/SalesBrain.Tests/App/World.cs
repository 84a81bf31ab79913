using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Core.Access;
using SalesBrain.Core.Auth;

namespace SalesBrain.Tests.App;

/// <summary>Things a test needs to be there, made straight in the database; every builder says only what matters.</summary>
public static class World
{
    private static int _number;

    /// <summary>An organization with its tenant.</summary>
    public static async Task<Guid> CreateOrganizationAsync(this TestApp app, string status = "active")
    {
        var id = Guid.CreateVersion7();
        var slug = $"org-{Interlocked.Increment(ref _number)}-{id.ToString("N")[^6..]}";
        await app.ExecuteAsync("""
            insert into app.organization (id, name, slug, status) values (@id, @slug, @slug, @status);
            insert into app.tenant (organization_id, tenant_key) values (@id, @slug);
            """, new { id, slug, status });
        return id;
    }

    /// <summary>A user; platform roles have no organization, agency and client roles get one made where none is given.</summary>
    public static async Task<TestUser> CreateUserAsync(
        this TestApp app, string role, Guid? organizationId = null, Guid? agencyId = null, Guid? clientId = null,
        string status = "active", string? password = null)
    {
        Assert.True(Roles.TryParse(role, out var parsed));
        if (!parsed.IsPlatform() && organizationId is null)
        {
            organizationId = await app.CreateOrganizationAsync();
        }
        if (parsed.Level() == RoleLevel.Agency)
        {
            agencyId ??= await app.CreateAgencyAsync(organizationId!.Value);
        }
        if (parsed.Level() == RoleLevel.Client)
        {
            clientId ??= await app.CreateClientAsync(organizationId!.Value);
        }
        var id = Guid.CreateVersion7();
        var email = $"{role}.{Interlocked.Increment(ref _number)}.{id.ToString("N")[^6..]}@test.example";
        var hash = password is null ? null : await app.Services.GetRequiredService<Passwords>().HashAsync(password, CancellationToken.None);
        await app.ExecuteAsync("""
            insert into app.user (id, organization_id, email, email_norm, password_hash, first_name, role, agency_id, client_id, status)
            values (@id, @organizationId, @email, @email, @hash, 'Test', @role, @agencyId, @clientId, @status)
            """, new { id, organizationId, email, hash, role, agencyId, clientId, status });
        return new TestUser(id, email, role, organizationId, agencyId, clientId);
    }

    /// <summary>An owner of a new organization, with their client.</summary>
    public static async Task<(TestUser Owner, HttpClient Client)> CreateOwnerAsync(this TestApp app)
    {
        var owner = await app.CreateUserAsync("owner");
        return (owner, app.As(owner));
    }

    public static async Task<Guid> CreateAgencyAsync(this TestApp app, Guid organizationId)
    {
        var id = Guid.CreateVersion7();
        await app.ExecuteAsync(
            "insert into app.agency (id, organization_id, name) values (@id, @organizationId, 'Agency')", new { id, organizationId });
        return id;
    }

    public static async Task<Guid> CreateClientAsync(this TestApp app, Guid organizationId, Guid? agencyId = null)
    {
        var id = Guid.CreateVersion7();
        agencyId ??= await app.CreateAgencyAsync(organizationId);
        await app.ExecuteAsync(
            "insert into app.client (id, organization_id, agency_id, name) values (@id, @organizationId, @agencyId, 'Client')",
            new { id, organizationId, agencyId });
        return id;
    }
}
