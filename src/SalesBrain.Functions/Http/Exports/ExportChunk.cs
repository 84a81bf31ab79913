namespace SalesBrain.Functions.Http.Exports;

/// <summary>Rows on their way to a response: gathered in memory, because the server takes no synchronous writes, and sent by the hundred.</summary>
internal sealed class ExportChunk(Stream body) : IDisposable
{
    private const int Rows = 200;
    private int _rows;

    internal MemoryStream Buffer { get; } = new();

    /// <summary>Counts a row; true when there are enough to be sent.</summary>
    internal bool Counts() => ++_rows % Rows == 0;

    /// <summary>Sends what is gathered, and waits while the caller is slower than the database.</summary>
    internal async Task SendAsync(CancellationToken cancellationToken)
    {
        await body.WriteAsync(Buffer.GetBuffer().AsMemory(0, (int)Buffer.Length), cancellationToken);
        await body.FlushAsync(cancellationToken);
        Buffer.SetLength(0);
    }

    public void Dispose() => Buffer.Dispose();
}
