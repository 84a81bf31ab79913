using System.Net;
using SalesBrain.Functions.Auth;

namespace SalesBrain.Tests.Auth;

public sealed class ResetQueueTests
{
    [Fact]
    public async Task Addresses_take_turns_and_each_keeps_its_order()
    {
        using var queue = new ResetQueue(mostOfAddress: 5, capacity: 100);
        foreach (var (email, host) in new[] { ("a1", 1), ("a2", 1), ("a3", 1), ("b1", 2), ("c1", 3), ("b2", 2) })
        {
            Assert.True(queue.TryAdd(Request(email, host)));
        }

        Assert.Equal(["a1", "b1", "c1", "a2", "b2", "a3"], await TakeAllAsync(queue));
    }

    [Fact]
    public async Task Address_has_only_so_many_waiting()
    {
        using var queue = new ResetQueue(mostOfAddress: 2, capacity: 100);

        Assert.Equal([true, true, false, false], Enumerable.Range(1, 4).Select(number => queue.TryAdd(Request($"a{number}", 1))));
        Assert.True(queue.TryAdd(Request("b1", 2)));

        Assert.Equal(["a1", "b1", "a2"], await TakeAllAsync(queue));
    }

    [Fact]
    public async Task Full_queue_loses_the_last_of_the_address_with_the_most()
    {
        using var queue = new ResetQueue(mostOfAddress: 3, capacity: 4);
        foreach (var (email, host) in new[] { ("a1", 1), ("a2", 1), ("a3", 1), ("b1", 2) })
        {
            queue.TryAdd(Request(email, host));
        }

        Assert.False(queue.TryAdd(Request("c1", 3)));
        Assert.False(queue.TryAdd(Request("d1", 4)));
        // Nobody has more than this one would have.
        Assert.False(queue.TryAdd(Request("e1", 5)));

        Assert.Equal(["a1", "b1", "c1", "d1"], await TakeAllAsync(queue));
    }

    private static async Task<List<string>> TakeAllAsync(ResetQueue queue)
    {
        queue.Complete();
        Assert.False(queue.TryAdd(Request("late", 9)));
        var taken = new List<string>();
        while (await queue.TakeAsync() is { } request)
        {
            taken.Add(request.EmailNorm);
        }
        Assert.Equal(0, queue.Count);
        return taken;
    }

    private static QueuedReset Request(string email, int host) => new(email, IPAddress.Parse($"192.0.2.{host}"));
}
