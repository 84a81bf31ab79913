using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Webhooks.Receiving;

namespace SalesBrain.Core.Tests.Webhooks.Receiving;

public sealed class FairQueueTests
{
    private static readonly Guid Busy = Guid.NewGuid();
    private static readonly Guid Quiet = Guid.NewGuid();

    [Fact]
    public void Quiet_organization_waits_for_one_quantum_of_the_busy_one()
    {
        var queue = new FairQueue<string>(quantum: 3);
        for (var i = 0; i < 100; i++)
        {
            queue.Add(Busy, $"busy {i}", 1);
        }
        queue.Add(Quiet, "quiet", 1);

        Assert.Equal(["busy 0", "busy 1", "busy 2", "quiet", "busy 3"], Enumerable.Range(0, 5).Select(_ => Take(queue)));
    }

    [Fact]
    public void Turns_are_measured_by_cost_and_not_by_items()
    {
        var queue = new FairQueue<string>(quantum: 10);
        for (var i = 0; i < 10; i++)
        {
            queue.Add(Busy, "busy", 100);
        }
        for (var i = 0; i < 100; i++)
        {
            queue.Add(Quiet, "quiet", 1);
        }

        // One item of the busy organization costs as much as all of the quiet one.
        Assert.InRange(Enumerable.Range(0, 101).Count(_ => Take(queue) == "busy"), 1, 2);
    }

    [Fact]
    public void Item_that_costs_too_much_stays_the_next_one()
    {
        var queue = new FairQueue<string>(quantum: 5);
        queue.Add(Busy, "large", 4);
        queue.Add(Busy, "small", 1);

        Assert.False(queue.TryTake(3, out _, out _));
        Assert.Equivalent(new { Count = 2, Cost = 5L }, queue);
        Assert.Equal(5, queue.CostOf(Busy));
        Assert.True(queue.TryTake(4, out var item, out var cost));
        Assert.Equal("large", item);
        Assert.Equal(4, cost);
        Assert.Equivalent(new { Count = 1, Cost = 1L }, queue);
        Assert.Equal(1, queue.CostOf(Busy));
        Assert.Equal(0, queue.CostOf(Quiet));
    }

    [Fact]
    public void Every_item_is_taken_once_in_the_order_of_its_organization() =>
        Prop.ForAll<(byte Organization, byte Cost)[]>(items =>
        {
            var organizations = Enumerable.Range(0, 256).Select(_ => Guid.NewGuid()).ToArray();
            var queue = new FairQueue<(byte Organization, int Index)>(quantum: 7);
            for (var i = 0; i < items.Length; i++)
            {
                queue.Add(organizations[items[i].Organization], (items[i].Organization, i), 1 + items[i].Cost);
            }
            var taken = new List<(byte Organization, int Index)>();
            while (queue.TryTake(int.MaxValue, out var item, out _))
            {
                taken.Add(item);
            }
            return queue is { Count: 0, Cost: 0 } && taken.Count == items.Length
                && taken.GroupBy(item => item.Organization)
                    .All(lane => lane.Select(item => item.Index).SequenceEqual(lane.Select(item => item.Index).Order()));
        }).QuickCheckThrowOnFailure();

    private static string? Take(FairQueue<string> queue) => queue.TryTake(int.MaxValue, out var item, out _) ? item : null;
}
