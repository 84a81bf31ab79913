using SalesBrain.Core.Security;
using SalesBrain.Data.Security;
using SalesBrain.Data.Sessions;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Database;

public sealed class AddressHashKeyTests(ClonedDatabase database) : IClassFixture<ClonedDatabase>
{
    private static readonly Guid Organization = Guid.Parse("01234567-89ab-cdef-0123-456789abcdef");
    private static readonly SecretBox Box = new TestKeys([], ["data-1"]).Box;

    [Fact]
    public async Task Processes_that_start_at_once_have_the_same_key_and_one_without_the_data_key_makes_none()
    {
        await using var source = Connect();
        var hashes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var process = new AddressHashKeys(source, Box);
            return Convert.ToHexStringLower((await process.GetAsync(CancellationToken.None)).Create(Organization, "jo@example.com"));
        }));

        Assert.Single(hashes.Distinct());
        using var stranger = new AddressHashKeys(source, new TestKeys([], ["data-2"]).Box);
        await Assert.ThrowsAsync<SecretBoxException>(async () => await stranger.GetAsync(CancellationToken.None));
        Assert.Equal([1], await database.QueryAsync<int>("select count(*)::int from app.address_hash_key"));
    }

    private SalesBrainDatabase Connect() =>
        new(new() { TenantConnectionString = database.Connections.Tenant, PlatformConnectionString = database.Connections.Platform });
}
