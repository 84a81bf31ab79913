using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Integrations;

namespace SalesBrain.Tests.Integrations;

/// <summary>What a REST source that a user configured can and cannot reach.</summary>
public sealed class OutboundSafetyTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    /// <summary>A name is checked when the connection is made, not when the source is stored.</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("10.1.2.3")]
    [InlineData("::ffff:192.168.0.1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("8.8.8.8 127.0.0.1")]
    public async Task Name_that_resolves_to_a_private_address_is_not_called(string answer)
    {
        var names = new ChangingNames(answer);
        await using var services = host.CreateServices(allowLoopback: false, names);
        var adapter = Open(services, "https://api.example.com/people");

        Assert.Equal(SourceErrors.BlockedAddress, (await SandboxHost.FailureAsync(adapter)).Code);
        Assert.Equal(1, names.Asked);
        var test = await adapter.TestAsync(TestContext.Current.CancellationToken);
        Assert.Equal((false, SourceErrors.BlockedAddress), (test.Ok, test.Code));
        Assert.DoesNotContain(answer.Split(' ')[^1], test.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// The first answer is the one that is checked and connected to. An answer that changes afterwards is never asked for.
    /// </summary>
    [Fact]
    public async Task Name_that_changes_its_answer_is_pinned_for_the_connection()
    {
        // Loopback is allowed here, so that the first answer works; the second would be the metadata service.
        var names = new ChangingNames("127.0.0.1", "169.254.169.254");
        await using var services = host.CreateServices(allowLoopback: true, names);
        var adapter = Open(services, $"http://localhost:{host.Url.Port}/sandbox/rest/page");

        Assert.Equal(100, (await adapter.FetchAsync(null, 100, TestContext.Current.CancellationToken)).People.Count);
        Assert.Equal(1, names.Asked);

        await using var other = host.CreateServices(allowLoopback: true, names);
        Assert.Equal(
            SourceErrors.BlockedAddress,
            (await SandboxHost.FailureAsync(Open(other, $"http://localhost:{host.Url.Port}/sandbox/rest/page"))).Code);
    }

    [Theory]
    [InlineData("metadata", SourceErrors.BlockedAddress)]
    [InlineData("loop", SourceErrors.BadRequest)]
    [InlineData("foreign", SourceErrors.BlockedAddress)]
    public async Task Redirect_or_next_url_to_another_host_ends_the_page(string path, string code)
    {
        var adapter = host.Open(SourceType.Api, new
        {
            base_url = new Uri(host.Url, $"sandbox/rest/{path}").AbsoluteUri,
            items = "data.people",
            fields = new { external_id = "uid" },
            paging = new { kind = "next_url", next = "next" },
        });

        Assert.Equal(code, (await SandboxHost.FailureAsync(adapter)).Code);
    }

    [Fact]
    public async Task Redirect_on_the_same_host_is_followed()
    {
        var adapter = Open(host.Adapters, new Uri(host.Url, "sandbox/rest/moved").AbsoluteUri);

        Assert.Equal(100, (await adapter.FetchAsync(null, 100, TestContext.Current.CancellationToken)).People.Count);
    }

    /// <summary>A source that was stored in development does not reach this machine in production.</summary>
    [Fact]
    public void Loopback_is_refused_outside_development()
    {
        using var services = host.CreateServices(allowLoopback: false);

        var failure = Assert.Throws<SourceException>(() => Open(services, new Uri(host.Url, "sandbox/rest/page").AbsoluteUri));

        Assert.Equal(SourceErrors.BadRequest, failure.Code);
    }

    private ISourceAdapter Open(ServiceProvider services, string url) => Open(services.GetRequiredService<ISourceAdapters>(), url);

    private ISourceAdapter Open(ISourceAdapters adapters, string url) => host.Open(
        SourceType.Api,
        new { base_url = url, items = "data.people", fields = new { external_id = "uid" }, paging = new { kind = "page" } },
        adapters: adapters);
}
