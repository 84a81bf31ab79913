using SalesBrain.Core.Tenants;

namespace SalesBrain.Core.Tests.Tenants;

public sealed class GenesysRegionsTests
{
    [Theory]
    [InlineData("us-east-1", "https://login.mypurecloud.com/", "https://api.mypurecloud.com/")]
    [InlineData("us-east-2", "https://login.use2.us-gov-pure.cloud/", "https://api.use2.us-gov-pure.cloud/")]
    [InlineData("eu-central-1", "https://login.mypurecloud.de/", "https://api.mypurecloud.de/")]
    [InlineData("ap-southeast-2", "https://login.mypurecloud.com.au/", "https://api.mypurecloud.com.au/")]
    public void Region_has_its_hosts(string region, string login, string api)
    {
        Assert.True(GenesysRegions.IsKnown(region));
        Assert.Equal((login, api), (GenesysRegions.LoginUrl(region).AbsoluteUri, GenesysRegions.ApiUrl(region).AbsoluteUri));
    }

    [Fact]
    public void There_are_seventeen_regions_each_with_a_domain_of_its_own()
    {
        Assert.Equal(17, GenesysRegions.Names.Count);
        Assert.Equal(17, GenesysRegions.Names.Select(GenesysRegions.LoginUrl).Distinct().Count());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("EU-CENTRAL-1")]
    [InlineData("us-west-1")]
    [InlineData("mypurecloud.de")]
    [InlineData("evil.example")]
    public void Other_text_is_no_region(string? text) => Assert.False(GenesysRegions.IsKnown(text));

    [Theory]
    [InlineData(" 33333333-3333-4333-8333-33333333333A ", "33333333-3333-4333-8333-33333333333a")]
    [InlineData("acme", "acme")]
    [InlineData("ac me", null)]
    [InlineData(" ", null)]
    public void Organization_id_is_read(string text, string? id) => Assert.Equal(id, GenesysOrgIds.Read(text));
}
