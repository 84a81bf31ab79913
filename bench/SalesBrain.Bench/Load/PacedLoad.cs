using System.Diagnostics;

namespace SalesBrain.Bench.Load;

/// <summary>
/// Open-loop HTTP load: requests are due at a fixed rate whether or not earlier ones are answered, and latency counts from when a request
/// was due, so a stalled server can't hide by slowing the load down. A late timer of ours counts against the server too, by up to 2 ms.
/// </summary>
internal static class PacedLoad
{
    /// <summary>
    /// Milliseconds of each request, in the order of their ends. Throws <see cref="InvalidOperationException"/> when one is not answered
    /// 2xx.
    /// </summary>
    public static async Task<IReadOnlyList<double>> RunAsync(
        HttpClient http, Func<HttpRequestMessage> create, double perSecond, TimeSpan duration, int connections, CancellationToken cancellationToken)
    {
        var total = (long)(perSecond * duration.TotalSeconds);
        var next = -1L;
        var started = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => SendAsync()));
        return latencies.SelectMany(mine => mine).ToList();

        async Task<List<double>> SendAsync()
        {
            var mine = new List<double>();
            while (Interlocked.Increment(ref next) is var number && number < total)
            {
                var due = TimeSpan.FromSeconds(number / perSecond);
                if (due - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } early)
                {
                    await Task.Delay(early, cancellationToken);
                }
                using var request = create();
                using var response = await http.SendAsync(request, cancellationToken);
                await response.Content.LoadIntoBufferAsync(cancellationToken);
                if (!response.IsSuccessStatusCode)
                {
                    throw new InvalidOperationException(
                        $"{request.RequestUri} answered {(int)response.StatusCode}: "
                        + $"{await response.Content.ReadAsStringAsync(cancellationToken)}");
                }
                mine.Add((Stopwatch.GetElapsedTime(started) - due).TotalMilliseconds);
            }
            return mine;
        }
    }
}
