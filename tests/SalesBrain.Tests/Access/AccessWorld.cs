using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Core.Access;
using SalesBrain.Integrations;
using SalesBrain.Integrations.Composition;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Access;

/// <summary>
/// Two organizations, the first with two agencies of a client each, and a user of every role in the first agency and client. Things
/// are made per call, so that calls do not meet.
/// </summary>
public sealed class AccessWorld : IAsyncLifetime
{
    private readonly Dictionary<Role, TestUser> _users = [];

    public TestApp App { get; } = new ManyExportsApp();

    /// <summary>The caller's own scope, another one in the same organization, and one in another organization.</summary>
    public IReadOnlyList<Place> Places { get; private set; } = [];

    /// <summary>A user of every role.</summary>
    public IReadOnlyCollection<TestUser> Users => _users.Values;

    public TestUser User(Role role) => _users[role];

    public async ValueTask InitializeAsync()
    {
        await App.InitializeAsync();
        var (organization, other) = (await App.CreateOrganizationAsync(), await App.CreateOrganizationAsync());
        Places = [await PlaceAsync(organization), await PlaceAsync(organization), await PlaceAsync(other)];
        foreach (var role in Roles.All)
        {
            _users[role] = await App.CreateUserAsync(
                role.Name(), role.IsPlatform() ? null : organization,
                role.Level() == RoleLevel.Agency ? Places[0].AgencyId : null, role.Level() == RoleLevel.Client ? Places[0].ClientId : null);
        }
    }

    public async ValueTask DisposeAsync() => await App.DisposeAsync();

    private async Task<Place> PlaceAsync(Guid organizationId)
    {
        var agencyId = await App.CreateAgencyAsync(organizationId);
        return new Place(organizationId, agencyId, await App.CreateClientAsync(organizationId, agencyId));
    }

    /// <summary>Many requests at once, exports among them, are about access and not about limits.</summary>
    private sealed class ManyExportsApp : TestApp
    {
        public override IEnumerable<KeyValuePair<string, string?>> Settings =>
            [new("Responses:ExportsPerOrganization", "1000"), new("Responses:ExportsPerInstance", "1000")];

        // The real ones: the published worker is compared with this app.
        protected override void AddServices(IServiceCollection services) =>
            services.AddSingleton<ISourceAdapters>(provider => provider.GetRequiredService<SourceAdapters>());
    }
}

/// <summary>Where a thing belongs.</summary>
public sealed record Place(Guid OrganizationId, Guid AgencyId, Guid ClientId);
