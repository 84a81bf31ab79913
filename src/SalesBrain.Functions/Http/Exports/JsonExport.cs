using System.Text.Json;

namespace SalesBrain.Functions.Http.Exports;

/// <summary>Rows as a JSON array, written as they arrive.</summary>
public static class JsonExport
{
    /// <summary>Writes all rows. Nothing is sent before the first rows have been read or have failed to be.</summary>
    public static async Task WriteAsync<TRow>(
        Stream body, IAsyncEnumerable<TRow> rows, JsonSerializerOptions options, CancellationToken cancellationToken)
    {
        using var chunk = new ExportChunk(body);
        chunk.Buffer.WriteByte((byte)'[');
        var separator = "\n"u8.ToArray();
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            chunk.Buffer.Write(separator);
            separator = ",\n"u8.ToArray();
            JsonSerializer.Serialize(chunk.Buffer, row, options);
            if (chunk.Counts())
            {
                await chunk.SendAsync(cancellationToken);
            }
        }
        chunk.Buffer.Write("\n]\n"u8);
        await chunk.SendAsync(cancellationToken);
    }
}
