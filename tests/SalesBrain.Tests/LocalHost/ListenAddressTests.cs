using System.Net;
using System.Net.Sockets;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.LocalHost;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://localhost:0", "http://localhost:")]
    [InlineData("http://*:0", "http://localhost:")]
    [InlineData("http://0.0.0.0:0", "http://localhost:")]
    [InlineData("http://127.0.0.1:0 ; http://127.0.0.1:0", "http://127.0.0.1:")]
    public void Address_is_reached_from_this_machine_on_a_free_port(string urls, string local)
    {
        var address = ListenAddress.Of(urls);

        Assert.StartsWith(local, address.Local.AbsoluteUri);
        Assert.NotEqual(0, address.Local.Port);
        Assert.Contains($":{address.Local.Port}", address.Urls);
        Assert.DoesNotContain(":0", address.Urls.Split(';').Select(url => url[url.LastIndexOf(':')..]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("7071")]
    [InlineData("localhost:7071")]
    [InlineData("http://localhost:70710")]
    [InlineData("http://localhost:0/api")]
    [InlineData("http://unix:/tmp/socket")]
    public void What_is_no_address_is_refused(string urls) =>
        Assert.StartsWith($"The setting urls is '{urls}'", Assert.Throws<StartupException>(() => ListenAddress.Of(urls)).Message);

    [Fact]
    public void Taken_port_is_refused_and_the_next_one_named()
    {
        using var squatter = new TcpListener(IPAddress.Loopback, 0);
        squatter.Start();
        var port = ((IPEndPoint)squatter.LocalEndpoint).Port;

        var error = Assert.Throws<StartupException>(() => ListenAddress.Of($"http://localhost:{port}"));

        Assert.Equal(
            $"Port {port} is in use by another program. Stop that program, or choose another port with --urls http://localhost:{port + 1}.",
            error.Message);
    }
}
