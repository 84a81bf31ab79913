namespace SalesBrain.Integrations.Files;

/// <summary>Stores uploaded files: in Azure Blob Storage, or in a folder in development. A file never changes.</summary>
public interface IFileStore
{
    /// <summary>Stores a file. A file with this id must not exist.</summary>
    Task CreateAsync(Guid organizationId, Guid fileId, Stream content, FileFacts facts, CancellationToken cancellationToken);

    /// <summary>Opens a file at an offset in bytes; null if it does not exist or belongs to another organization.</summary>
    Task<OpenedFile?> OpenAsync(Guid organizationId, Guid fileId, long offset, CancellationToken cancellationToken);

    /// <summary>Deletes a file. Returns false if it does not exist.</summary>
    Task<bool> DeleteAsync(Guid organizationId, Guid fileId, CancellationToken cancellationToken);
}

/// <summary>What is stored with a CSV file, which is UTF-8 without a byte order mark.</summary>
/// <param name="Sha256">Digest of the stored bytes, in lower-case hexadecimal digits.</param>
/// <param name="Rows">Rows without the header and without empty rows.</param>
public sealed record FileFacts(string Sha256, long Rows, char Delimiter);

/// <summary>A file that is being read. Dispose it.</summary>
public sealed record OpenedFile(Stream Content, FileFacts Facts) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
