using System.Collections.Concurrent;

namespace SalesBrain.Tests.Conformance;

/// <summary>All comparisons of a test.</summary>
internal sealed class ComparisonReport
{
    private readonly ConcurrentQueue<Compared> _compared = new();

    internal IReadOnlyCollection<Compared> Compared => _compared;

    internal void Add(Compared compared) => _compared.Enqueue(compared);

    /// <summary>Fails with every difference, and if fewer requests were compared than there must have been.</summary>
    internal void AssertAlike(int least)
    {
        var groups = _compared.Select(compared => (compared, Difference: compared.Difference()))
            .Where(found => found.Difference is not null)
            .GroupBy(found => (found.compared.Function, found.Difference), found => found.compared.Pair.Worker)
            .OrderBy(group => group.Key.Function, StringComparer.Ordinal)
            .ToList();
        var lines = groups.Select(group =>
            $"{group.Key.Function}: {group.Key.Difference}\n"
            + string.Concat(group.Take(3).Select(request => $"    {request}\n"))
            + (group.Count() > 3 ? $"    and {group.Count() - 3} more\n" : ""));
        Assert.True(
            groups.Count == 0, $"{groups.Sum(group => group.Count())} of {_compared.Count} requests differ:\n{string.Concat(lines)}");
        Assert.True(_compared.Count >= least, $"Only {_compared.Count} requests were compared; there must be {least}.");
    }
}
