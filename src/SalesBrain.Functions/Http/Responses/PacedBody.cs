namespace SalesBrain.Functions.Http.Responses;

/// <summary>
/// The body of a response to a client that has to keep up. Writing waits while the client does not read; each waiting uses up the client's
/// patience, and each byte that the client takes gives some back, as much as the slowest rate allows for it. When the patience is used up,
/// <see cref="Cut"/> is cancelled. Measured by what the server takes: its buffers, and those of the connection and of proxies, come first.
/// </summary>
internal sealed class PacedBody : Stream
{
    /// <summary>What is written at once: a client that reads a large body slowly but steadily must show that it does.</summary>
    private const int PieceBytes = 16 * 1024;

    private readonly Stream _body;
    private readonly ResponseOptions _options;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _slow;
    private readonly CancellationTokenSource _cut;
    private TimeSpan _patience = ResponseOptions.Patience;

    internal PacedBody(Stream body, ResponseOptions options, TimeProvider clock, CancellationToken limit)
    {
        (_body, _options, _clock) = (body, options, clock);
        _slow = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _cut = CancellationTokenSource.CreateLinkedTokenSource(_slow.Token, limit);
    }

    /// <summary>Cancelled when the client is too slow, when the request's time is over, or when the client goes away.</summary>
    internal CancellationToken Cut => _cut.Token;

    /// <summary>Whether the client did not keep up.</summary>
    internal bool IsTooSlow => _slow.IsCancellationRequested;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var piece = buffer[..Math.Min(buffer.Length, PieceBytes)];
            await WaitAsync(_body.WriteAsync(piece, _cut.Token));
            _patience += TimeSpan.FromSeconds((double)piece.Length / _options.MinBytesPerSecond);
            _patience = _patience < ResponseOptions.Patience ? _patience : ResponseOptions.Patience;
            buffer = buffer[piece.Length..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => WaitAsync(new ValueTask(_body.FlushAsync(_cut.Token)));

    public override void Flush() => throw new NotSupportedException("Responses are written asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Responses are written asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cut.Dispose();
            _slow.Dispose();
        }
        base.Dispose(disposing);
    }

    private async Task WaitAsync(ValueTask write)
    {
        if (!write.IsCompleted)
        {
            var started = _clock.GetTimestamp();
            _slow.CancelAfter(_patience);
            try
            {
                await write;
            }
            finally
            {
                _slow.CancelAfter(Timeout.InfiniteTimeSpan);
                _patience -= _clock.GetElapsedTime(started);
                _patience = _patience > TimeSpan.Zero ? _patience : TimeSpan.Zero;
            }
        }
        else
        {
            await write;
        }
        // Kestrel aborts the connection without an exception when the token of a write is cancelled.
        _cut.Token.ThrowIfCancellationRequested();
    }
}
