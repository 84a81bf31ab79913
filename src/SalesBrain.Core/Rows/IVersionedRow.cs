namespace SalesBrain.Core.Rows;

/// <summary>A row whose ETag names a version of it.</summary>
public interface IVersionedRow
{
    Guid Id { get; }

    /// <summary>Rises with every change (<c>app.raise_version</c>).</summary>
    long Version { get; }
}
