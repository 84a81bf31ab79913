using SalesBrain.Functions.Http.Responses;

namespace SalesBrain.Tests.Http.Responses;

public sealed class PacedBodyTests
{
    private const int Floor = 4096;
    private static readonly ResponseOptions Options = new() { MinBytesPerSecond = Floor };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(600, 500_000, false)]
    [InlineData(Floor - 500, 5_000_000, false)]
    [InlineData(Floor, 5_000_000, true)]
    [InlineData(Floor + 500, 5_000_000, true)]
    [InlineData(1_000_000, 5_000_000, true)]
    public async Task Client_must_read_at_the_slowest_rate_or_faster(int bytesPerSecond, int size, bool isServed)
    {
        var clock = new FakeTimeProvider();
        await using var client = new Client(clock, bytesPerSecond);
        await using var body = new PacedBody(client, Options, clock, CancellationToken.None);

        var failure = await Record.ExceptionAsync(() => body.WriteAsync(new byte[size], Cancellation).AsTask());

        Assert.Equal(isServed, failure is null);
        Assert.Equal(isServed, !body.IsTooSlow);
        Assert.Equal(isServed, client.Taken == size);
    }

    [Fact]
    public async Task Client_that_stops_reading_is_cut_off_however_fast_it_was()
    {
        var clock = new FakeTimeProvider();
        await using var client = new Client(clock, 1_000_000);
        await using var body = new PacedBody(client, Options, clock, CancellationToken.None);
        await body.WriteAsync(new byte[10_000_000], Cancellation);

        client.BytesPerSecond = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => body.WriteAsync(new byte[1], Cancellation).AsTask());

        Assert.True(body.IsTooSlow);
        Assert.Equal(10 + 30, client.Elapsed.TotalSeconds, 1.5);
    }

    [Fact]
    public async Task Time_between_writes_does_not_count()
    {
        var clock = new FakeTimeProvider();
        await using var client = new Client(clock, Floor);
        await using var body = new PacedBody(client, Options, clock, CancellationToken.None);

        for (var i = 0; i < 10; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await body.WriteAsync(new byte[1000], Cancellation);
            await body.FlushAsync(Cancellation);
        }

        Assert.False(body.IsTooSlow);
    }

    [Fact]
    public async Task Requests_limit_ends_the_writing()
    {
        var clock = new FakeTimeProvider();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), clock);
        await using var client = new Client(clock, Floor);
        await using var body = new PacedBody(client, Options, clock, limit.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => body.WriteAsync(new byte[1_000_000], Cancellation).AsTask());

        Assert.False(body.IsTooSlow);
        Assert.True(body.Cut.IsCancellationRequested);
    }

    /// <summary>A client that takes each write after the time that its rate needs for it.</summary>
    private sealed class Client(FakeTimeProvider clock, int bytesPerSecond) : MemoryStream
    {
        private readonly DateTimeOffset _start = clock.GetUtcNow();

        internal int BytesPerSecond { get; set; } = bytesPerSecond;

        internal int Taken { get; private set; }

        internal TimeSpan Elapsed => clock.GetUtcNow() - _start;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            // The write is pending while the time passes.
            await Task.Yield();
            var until = BytesPerSecond == 0
                ? DateTimeOffset.MaxValue
                : clock.GetUtcNow() + TimeSpan.FromSeconds((double)buffer.Length / BytesPerSecond);
            while (clock.GetUtcNow() < until)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                var step = TimeSpan.FromSeconds(1);
                clock.Advance(until - clock.GetUtcNow() < step ? until - clock.GetUtcNow() : step);
            }
            cancellationToken.ThrowIfCancellationRequested();
            Taken += buffer.Length;
        }
    }
}
