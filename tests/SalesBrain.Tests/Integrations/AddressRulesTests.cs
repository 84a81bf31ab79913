using System.Net;
using SalesBrain.Integrations.Outbound;

namespace SalesBrain.Tests.Integrations;

public sealed class AddressRulesTests
{
    [Theory]
    // This machine, in every spelling that a resolver or a parser takes.
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("0x7f000001")]
    [InlineData("127.1")]
    [InlineData("0.0.0.0")]
    [InlineData("0")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:7f00:1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:0:127.0.0.1")]
    // Private networks and their equivalents.
    [InlineData("10.0.0.1")]
    [InlineData("167772161")]
    [InlineData("012.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("0xc0a80101")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fec0::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2002:a00:1::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2")]
    [InlineData("2606:4700::5efe:10.0.0.1")]
    // Metadata of clouds.
    [InlineData("169.254.169.254")]
    [InlineData("2852039166")]
    [InlineData("0xa9fea9fe")]
    [InlineData("0251.0376.0251.0376")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("100.100.100.200")]
    [InlineData("192.0.0.192")]
    [InlineData("168.63.129.16")]
    [InlineData("::ffff:168.63.129.16")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd20:ce::254")]
    // Multicast, broadcast, documentation, benchmarks, reserved.
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.250")]
    [InlineData("255.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("192.0.2.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("198.18.0.1")]
    [InlineData("192.88.99.1")]
    [InlineData("ff02::1")]
    [InlineData("2001:db8::1")]
    [InlineData("3fff::1")]
    [InlineData("100::1")]
    [InlineData("4000::1")]
    public void Address_that_is_not_on_the_public_internet_is_refused(string text)
    {
        Assert.True(IPAddress.TryParse(text, out var address), text);
        Assert.False(AddressRules.IsPublic(address), text);
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("192.167.255.255")]
    [InlineData("169.253.255.255")]
    [InlineData("168.63.129.17")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001:80b::200e")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("2002:808:808::1")]
    public void Public_address_is_allowed(string text) => Assert.True(AddressRules.IsPublic(IPAddress.Parse(text)), text);

    [Theory]
    [InlineData("http://api.example.com/people")]
    [InlineData("ftp://api.example.com/people")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://api.example.com")]
    [InlineData("https://user@api.example.com/people")]
    [InlineData("https://api.example.com@10.0.0.1/")]
    [InlineData("https://api.example.com/people#top")]
    [InlineData("https://10.0.0.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://0251.0376.0251.0376/latest/meta-data")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:10.0.0.1]/")]
    [InlineData("https://[fe80::1%25eth0]/")]
    [InlineData("https://１２７.0.0.1/")]
    [InlineData("https://127。0。0。1/")]
    [InlineData("https://localhost/")]
    [InlineData("https://localhost./")]
    [InlineData("https://app.localhost/")]
    [InlineData("https://printer.local/")]
    [InlineData("https://metadata.google.internal/")]
    [InlineData("https://intranet/")]
    [InlineData("//api.example.com/people")]
    [InlineData("/people")]
    [InlineData("")]
    public void Url_that_is_not_of_the_public_internet_is_refused(string text) =>
        Assert.False(UrlRules.TryRead(text, allowLoopback: false, out _), text);

    [Theory]
    [InlineData("https://api.example.com/people?size=10")]
    [InlineData("https://api.example.com:8443/")]
    [InlineData("https://1.1.1.1/people")]
    [InlineData("https://[2606:4700:4700::1111]/people")]
    [InlineData("https://bücher.example.com/")]
    public void Https_url_is_allowed(string text) => Assert.True(UrlRules.TryRead(text, allowLoopback: false, out _), text);

    [Fact]
    public void Development_allows_http_to_this_machine_only()
    {
        Assert.All(
            ["http://localhost:7071/a", "http://127.0.0.1/", "http://[::1]/", "https://localhost/"],
            text => Assert.True(UrlRules.TryRead(text, true, out _), text));
        Assert.All(
            ["http://10.0.0.1/", "http://api.example.com/", "https://169.254.169.254/", "http://2852039166/", "ftp://localhost/"],
            text => Assert.False(UrlRules.TryRead(text, true, out _), text));
    }
}
