using System.Collections.Concurrent;
using SalesBrain.Tests.Conformance.Requests;

namespace SalesBrain.Tests.Conformance;

/// <summary>Sends requests to the local host and to the worker, and notes every difference between the responses.</summary>
internal sealed class Comparison(HttpClient local, HttpClient worker)
{
    private const int AtOnce = 8;

    /// <summary>Reads first: what is changed meanwhile would be a difference between lists.</summary>
    internal async Task<ComparisonReport> RunAsync(IEnumerable<RequestPair> pairs)
    {
        var report = new ComparisonReport();
        foreach (var stage in pairs.ToLookup(pair => pair.Local.IsRead).OrderByDescending(stage => stage.Key))
        {
            await Parallel.ForEachAsync(stage, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (pair, _) => report.Add(await CompareAsync(pair)));
        }
        return report;
    }

    internal Task<ComparisonReport> RunAsync(IEnumerable<ConformanceRequest> requests) => RunAsync(requests.Select(RequestPair.Same));

    private async Task<Compared> CompareAsync(RequestPair pair)
    {
        using var first = pair.Local.ToMessage();
        using var second = pair.Worker.ToMessage();
        var responses = await Task.WhenAll(HostResponse.OfAsync(local, first), HostResponse.OfAsync(worker, second));
        return new Compared(pair, responses[0], responses[1]);
    }
}

/// <summary>The responses of both hosts to a pair of requests.</summary>
internal sealed record Compared(RequestPair Pair, HostResponse Local, HostResponse Worker)
{
    internal string Function => Pair.Local.Function;

    internal bool Succeeded => Local.Succeeded && Worker.Succeeded;

    /// <summary>How the worker's response differs from the local host's; null if it doesn't.</summary>
    internal string? Difference()
    {
        var failure = (Local.Failure, Worker.Failure) is (null, null) ? "" : $" ({Local.Failure ?? Worker.Failure})";
        if (Local.Status != Worker.Status)
        {
            return $"status {Local.Status} locally, {Worker.Status} from the worker{failure}";
        }
        foreach (var name in Local.Headers.Keys.Union(Worker.Headers.Keys, StringComparer.OrdinalIgnoreCase))
        {
            var (here, there) = (Local.Headers.GetValueOrDefault(name), Worker.Headers.GetValueOrDefault(name));
            if (here is null || there is null || Mask(here) != Mask(there))
            {
                return $"status {Local.Status} with header {name} '{here ?? "none"}' locally, '{there ?? "none"}' from the worker";
            }
        }
        var (text, other) = (Mask(Local.Body), Mask(Worker.Body));
        return text == other ? null : $"status {Local.Status} with another body:\n      local  {Around(text, other)}\n      worker {Around(other, text)}";
    }

    private string Mask(string text) => Pair.IsOfOneThing ? Masking.Moment(text) : Masking.All(text);

    /// <summary>The place where a text begins to differ from another.</summary>
    private static string Around(string text, string other)
    {
        var at = text.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        var from = Math.Max(0, at - 60);
        return $"…{text[from..Math.Min(text.Length, at + 100)]}…";
    }
}

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
        var lines = groups.Select(group => $"{group.Key.Function}: {group.Key.Difference}\n{string.Concat(group.Take(3).Select(request => $"    {request}\n"))}"
            + (group.Count() > 3 ? $"    and {group.Count() - 3} more\n" : ""));
        Assert.True(groups.Count == 0, $"{groups.Sum(group => group.Count())} of {_compared.Count} requests differ:\n{string.Concat(lines)}");
        Assert.True(_compared.Count >= least, $"Only {_compared.Count} requests were compared; there must be {least}.");
    }
}
