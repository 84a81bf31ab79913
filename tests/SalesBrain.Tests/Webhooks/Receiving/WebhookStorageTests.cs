using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Data.Webhooks.Receiving;
using SalesBrain.Functions.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Receiving;

/// <summary>The retry loop that verified deliveries and trusted events share, and the reasons it ends with.</summary>
public sealed class WebhookStorageTests
{
    private static readonly StorageResult Stored = new StorageResult.Stored([]);
    private static readonly StorageResult Refused = new StorageResult.Refused(WebhookRefusal.Disabled);
    private static readonly StorageResult Outdated = new StorageResult.Outdated();

    [Fact]
    public async Task Stored_and_refused_end_the_attempts()
    {
        Assert.Equal(new Run(Stored, Attempts: 1), await RunAsync(Stored));
        Assert.Equal(new Run(Refused, Attempts: 1), await RunAsync(Refused));
        Assert.Equal(new Run(Stored, Attempts: 2), await RunAsync(Outdated, Stored));
        Assert.Equal(new Run(Refused, Attempts: 3), await RunAsync(Outdated, Outdated, Refused));
    }

    [Fact]
    public async Task Endpoint_that_keeps_changing_ends_the_attempts_too() =>
        Assert.Equal(new Run(Outdated, Attempts: 3), await RunAsync(Outdated, Outdated, Outdated, Stored));

    [Fact]
    public async Task Failure_is_not_retried() =>
        await Assert.ThrowsAsync<TimeoutException>(() => WebhookStorage.RetryWhileOutdatedAsync(() => throw new TimeoutException()));

    [Fact]
    public void Every_refusal_of_an_endpoint_has_a_reason()
    {
        Assert.Equal("The webhook endpoint was deleted.", ReasonOf(WebhookRefusal.Deleted));
        Assert.Equal("The organization is suspended.", ReasonOf(WebhookRefusal.Suspended));
        Assert.Equal("The webhook endpoint is disabled.", ReasonOf(WebhookRefusal.Disabled));
        Assert.Equal("The webhook endpoint is being changed.", WebhookStorage.ReasonOf(Outdated));

        static string ReasonOf(WebhookRefusal refusal) => WebhookStorage.ReasonOf(new StorageResult.Refused(refusal));
    }

    private static async Task<Run> RunAsync(params StorageResult[] results)
    {
        var attempts = 0;
        var result = await WebhookStorage.RetryWhileOutdatedAsync(() => Task.FromResult(results[attempts++]));
        return new Run(result, attempts);
    }

    private sealed record Run(StorageResult Result, int Attempts);
}
