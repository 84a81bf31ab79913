using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Data.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Receiving;

/// <summary>What waits for its commit, and in which order it is taken.</summary>
public sealed class WaitingDeliveriesTests
{
    private static readonly Guid Busy = Guid.NewGuid();
    private static readonly Guid Quiet = Guid.NewGuid();

    private readonly WaitingDeliveries _waiting = new();
    private readonly List<WaitingDelivery> _batch = [];

    [Fact]
    public void Single_delivery_waits_behind_no_array_and_shares_no_commit_with_one()
    {
        Add(Busy, 1000, times: 60);
        var single = Add(Quiet, 1);

        Assert.True(_waiting.TryTakeSmall(_batch));
        Assert.Equal([single], _batch);
        Assert.False(_waiting.TryTakeSmall(_batch));
        Assert.True(_waiting.TryTakeLarge(_batch));
        Assert.Equal(1000, Assert.Single(_batch).Received.Events.Count);
    }

    [Fact]
    public void Single_delivery_is_in_the_next_commit_beside_thousands_of_another_organization()
    {
        Add(Busy, 1, times: 3000);
        var single = Add(Quiet, 1);

        Assert.True(_waiting.TryTakeSmall(_batch));
        Assert.Contains(single, _batch);
        Assert.Equal(500, _batch.Count);
    }

    [Fact]
    public void Array_waits_for_one_array_of_another_organization()
    {
        Add(Busy, 1000, times: 20);
        var array = Add(Quiet, 1000);
        List<WaitingDelivery> taken = [];
        for (var i = 0; i < 3; i++)
        {
            Assert.True(_waiting.TryTakeLarge(_batch));
            taken.AddRange(_batch);
        }

        Assert.Contains(array, taken);
    }

    [Fact]
    public void Commit_of_small_deliveries_is_bounded_by_bytes_too()
    {
        Add(Busy, 1, bytes: 100 * 1024, times: 20);

        Assert.True(_waiting.TryTakeSmall(_batch));
        Assert.InRange(_batch.Count, 2, 5);
    }

    [Fact]
    public void Organization_with_too_much_waiting_is_refused_and_no_other_one()
    {
        Add(Busy, 1000, times: 100);

        Assert.False(_waiting.TryAdd(Delivery(Busy, 1)));
        Assert.True(_waiting.TryAdd(Delivery(Busy, 1, isLimited: false)));
        Assert.True(_waiting.TryAdd(Delivery(Quiet, 1)));
        Assert.True(_waiting.TryTakeLarge(_batch));
        Assert.True(_waiting.TryAdd(Delivery(Busy, 1)));
    }

    [Fact]
    public void Organization_with_nothing_waiting_is_taken_even_if_the_queue_is_full()
    {
        for (var i = 0; i < 5; i++)
        {
            var organization = Guid.NewGuid();
            for (var n = 0; n < 100 && _waiting.TryAdd(Delivery(organization, 1000)); n++)
            {
                // Until it is refused.
            }
        }

        Assert.True(_waiting.TryAdd(Delivery(Quiet, 1000)));
        Assert.False(_waiting.TryAdd(Delivery(Quiet, 1)));
    }

    [Fact]
    public async Task Delivery_that_nobody_waits_for_is_not_stored()
    {
        var first = Add(Busy, 1);
        var second = Add(Busy, 1);
        using var cancelled = new CancellationTokenSource();
        var waiting = first.WaitAsync(cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.True(_waiting.TryTakeSmall(_batch));
        Assert.Equal([second], _batch);
    }

    [Fact]
    public async Task Result_reaches_the_sender()
    {
        var delivery = Add(Busy, 1);
        var waiting = delivery.WaitAsync(CancellationToken.None);
        _waiting.TryTakeSmall(_batch);

        delivery.Complete(new StorageResult.Outdated());

        Assert.IsType<StorageResult.Outdated>(await waiting);
    }

    private WaitingDelivery Add(Guid organization, int events, int bytes = 0, int times = 1)
    {
        WaitingDelivery? last = null;
        for (var i = 0; i < times; i++)
        {
            last = Delivery(organization, events, bytes);
            Assert.True(_waiting.TryAdd(last));
        }
        return last!;
    }

    private static WaitingDelivery Delivery(Guid organization, int events, int bytes = 0, bool isLimited = true)
    {
        var received = new ReceivedWebhook
        {
            Id = Guid.NewGuid(),
            OrganizationId = organization,
            EventSource = "custom",
            EventType = "email.opened",
            Status = "pending",
            OccurredAt = DateTime.UnixEpoch,
            CreatedAt = DateTime.UnixEpoch,
            DedupeKey = new byte[32],
            KeyExpiresAt = DateTime.UnixEpoch,
            Body = new byte[bytes],
        };
        return new WaitingDelivery(new ReceivedDelivery
        {
            Id = WebhookLogIds.Create(DateTimeOffset.UnixEpoch).Id,
            OrganizationId = organization,
            Events = [.. Enumerable.Repeat(received, events)],
            Headers = "{}",
            IsLimited = isLimited,
        });
    }
}
