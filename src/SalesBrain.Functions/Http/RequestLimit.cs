namespace SalesBrain.Functions.Http;

/// <summary>The time a request may take, from its start to the last byte of its response.</summary>
internal sealed class RequestLimit : IDisposable
{
    private readonly CancellationTokenSource _time;
    private readonly CancellationTokenSource _either;

    internal RequestLimit(int seconds, TimeProvider clock, CancellationToken clientGone)
    {
        _time = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_time.Token, clientGone);
    }

    /// <summary>Cancelled when the time is over or the client goes away.</summary>
    internal CancellationToken Token => _either.Token;

    public void Dispose()
    {
        _either.Dispose();
        _time.Dispose();
    }
}
