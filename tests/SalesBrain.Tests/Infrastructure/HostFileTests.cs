using System.Text.Json;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.Infrastructure;

/// <summary>
/// <c>host.json</c>: the defaults of the Functions host differ between plans and versions, so the file sets what matters.
/// </summary>
public sealed class HostFileTests
{
    private static readonly JsonElement Host = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(RepositoryFolder.Find(), "host.json"))).RootElement;

    [Fact]
    public void Routes_have_no_prefix_and_requests_have_limits()
    {
        var http = Host.GetProperty("extensions").GetProperty("http");

        Assert.Equal("", http.GetProperty("routePrefix").GetString());
        Assert.InRange(http.GetProperty("maxConcurrentRequests").GetInt32(), 1, 1000);
        Assert.InRange(http.GetProperty("maxOutstandingRequests").GetInt32(), http.GetProperty("maxConcurrentRequests").GetInt32(), 2000);
        Assert.False(http.GetProperty("dynamicThrottlesEnabled").GetBoolean());
    }

    [Fact]
    public void Functions_end_after_10_minutes() => Assert.Equal("00:10:00", Host.GetProperty("functionTimeout").GetString());

    [Fact]
    public void Telemetry_is_OpenTelemetry_and_log_levels_are_set()
    {
        Assert.Equal("OpenTelemetry", Host.GetProperty("telemetryMode").GetString());
        Assert.Equal("Information", Host.GetProperty("logging").GetProperty("logLevel").GetProperty("default").GetString());
    }
}
