namespace SalesBrain.Core.Rows;

/// <summary>A row with a version, from which its ETag is derived.</summary>
public interface IVersionedRow
{
    Guid Id { get; }

    /// <summary>Rises with every change (<c>app.raise_version</c>).</summary>
    long Version { get; }
}
