namespace SalesBrain.Functions.Http.Exports;

/// <summary>Buffers rows of a response in memory, because the server does not allow synchronous writes, and sends them in chunks.</summary>
internal sealed class ExportChunk(Stream body) : IDisposable
{
    private const int Rows = 200;
    private int _rows;

    internal MemoryStream Buffer { get; } = new();

    /// <summary>Counts a row; true when there are enough to be sent.</summary>
    internal bool Counts() => ++_rows % Rows == 0;

    /// <summary>Sends the buffered rows, and waits if the client reads more slowly than the database.</summary>
    internal async Task SendAsync(CancellationToken cancellationToken)
    {
        await body.WriteAsync(Buffer.GetBuffer().AsMemory(0, (int)Buffer.Length), cancellationToken);
        await body.FlushAsync(cancellationToken);
        Buffer.SetLength(0);
    }

    public void Dispose() => Buffer.Dispose();
}
