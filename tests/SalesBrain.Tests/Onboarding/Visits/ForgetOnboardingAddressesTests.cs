using Microsoft.Extensions.DependencyInjection;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Onboarding.Visits;

public sealed class ForgetOnboardingAddressesTests(OnboardingApp app) : IClassFixture<OnboardingApp>
{
    [Fact]
    public async Task Addresses_of_visitors_become_networks_after_thirty_days()
    {
        var link = await app.CreateOnboardingLinkAsync(days: 365);
        foreach (var address in (string[])["192.0.2.77", "2001:db8:1:2:3:4:5:6"])
        {
            await app.OpenAsync(link, from: address);
        }
        app.Time.Advance(TimeSpan.FromDays(30));
        await RunAsync();
        Assert.Equal(["192.0.2.77", "2001:db8:1:2:3:4:5:6"], await AddressesAsync(link));
        await app.OpenAsync(link, from: "192.0.2.78");

        app.Time.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(RunAsync(), RunAsync());
        await RunAsync();

        Assert.Equal(["192.0.2.0/24", "192.0.2.78", "2001:db8:1::/48"], await AddressesAsync(link));
        using var client = app.As(link.Creator);
        using var response = await client.GetAsync(link.Path);
        Assert.Equal(
            ["192.0.2.0/24", "192.0.2.78", "2001:db8:1::/48"],
            (await response.DataAsync()).GetProperty("ip_addresses").EnumerateArray()
                .Select(access => access.GetProperty("ip").GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Guesses_are_deleted_after_their_period()
    {
        await GuessAsync("203.0.113.1");
        app.Time.Advance(TimeSpan.FromMinutes(5));
        await GuessAsync("203.0.113.2");
        app.Time.Advance(TimeSpan.FromMinutes(5));

        await RunAsync();

        Assert.Equal(
            ["203.0.113.2"],
            await app.QueryAsync<string>("select host(address) from app.onboarding_guess where address <<= '203.0.113.0/24'"));
        Assert.Contains(app.Logs.Lines, line => line.Contains("deleted 1 addresses that tried unknown links", StringComparison.Ordinal));
    }

    private Task GuessAsync(string from) =>
        app.VisitAsync(HttpMethod.Get, $"{OnboardingWorld.Root}/o/{OnboardingWorld.UnknownToken()}", from: from);

    private Task<IReadOnlyList<string>> AddressesAsync(TestLink link) =>
        app.QueryAsync<string>(
            "select abbrev(ip) from app.onboarding_link_access where link_id = @Id order by abbrev(ip) collate \"C\"", new { link.Id });

    private Task RunAsync() => app.Services.GetRequiredService<TimerRunner>().RunAsync("ForgetOnboardingAddresses", CancellationToken.None);
}
