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
            await Parallel.ForEachAsync(
                stage, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (pair, _) => report.Add(await CompareAsync(pair)));
        }
        return report;
    }

    /// <summary>The entity tags that both hosts have for what this request reads.</summary>
    internal async Task<(string Local, string Worker)> TagsAsync(ConformanceRequest read)
    {
        var compared = await CompareAsync(RequestPair.Same(read));
        Assert.True(compared is { Local.EntityTag: not null, Worker.EntityTag: not null }, $"{read} has no entity tag.");
        return (compared.Local.EntityTag, compared.Worker.EntityTag);
    }

    private async Task<Compared> CompareAsync(RequestPair pair)
    {
        using var first = pair.Local.ToMessage();
        using var second = pair.Worker.ToMessage();
        var responses = await Task.WhenAll(HostResponse.OfAsync(local, first), HostResponse.OfAsync(worker, second));
        return new Compared(pair, responses[0], responses[1]);
    }
}
