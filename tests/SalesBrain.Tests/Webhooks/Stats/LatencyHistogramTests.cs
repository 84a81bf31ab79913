using SalesBrain.Core.Webhooks.Stats;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Stats;

public sealed class LatencyHistogramTests(TestApp app)
{
    [Fact]
    public async Task Every_time_is_read_back_within_the_error_bound()
    {
        var classes = await app.QueryAsync<(int Milliseconds, int Bucket)>("""
            select ms::int, app.latency_bucket(ms::int)::int
            from (select generate_series(0, 20000) union all select (1.003 ^ generate_series(2500, 7100))::bigint union all select 2147483647) as t (ms)
            where ms <= 2147483647
            """);

        Assert.All(classes, pair => Assert.True(IsClose(pair.Milliseconds, LatencyHistogram.Milliseconds(pair.Bucket)), $"{pair}"));
        Assert.All(
            classes.OrderBy(pair => pair.Milliseconds).Zip(classes.OrderBy(pair => pair.Milliseconds).Skip(1)),
            pair => Assert.True(pair.First.Bucket <= pair.Second.Bucket));
    }

    [Fact]
    public async Task Times_below_zero_and_missing_ones_are_told_apart()
    {
        var buckets = await app.QuerySingleJsonAsync(
            "select app.latency_bucket(0) as zero, app.latency_bucket(-5) as negative, app.latency_bucket(null) as missing");

        buckets.AssertIncludes(new { Zero = 0, Negative = 0, Missing = (int?)null });
    }

    [Fact]
    public async Task Percentiles_are_close_to_the_exact_ones()
    {
        var random = new Random(12);
        for (var i = 0; i < 20; i++)
        {
            var times = Enumerable.Range(0, random.Next(1, 400)).Select(_ => (int)Math.Exp(random.NextDouble() * 10)).Order().ToArray();
            var counts = (await app.QueryAsync<(int Bucket, long Total)>(
                "select app.latency_bucket(ms)::int, count(*) from unnest(@times) ms group by 1", new { times }))
                .Select(pair => new LatencyCount(pair.Bucket, pair.Total)).ToList();

            foreach (var share in new[] { 0, 0.5, 0.95, 0.99, 1 })
            {
                var exact = times[Math.Max(0, (int)Math.Ceiling(share * times.Length) - 1)];
                Assert.True(IsClose(exact, LatencyHistogram.Percentile(counts, share)!.Value), $"{share} of {times.Length}: {exact}");
            }
        }
    }

    [Fact]
    public void Nothing_has_no_percentile() => Assert.Null(LatencyHistogram.Percentile([new LatencyCount(3, 0)], 0.5));

    private static bool IsClose(int exact, int read) => Math.Abs((double)exact - read) <= (exact * 0.05) + 0.5;
}
