namespace SalesBrain.Core.Paging;

/// <summary>A row's place in a list that begins with the newest.</summary>
public readonly record struct NewestFirst(DateTime CreatedAt, Guid Id);

/// <summary>
/// The rows to read of such a list: at most <paramref name="Limit"/>, after the row at <paramref name="After"/>, or without one after the
/// first
/// <paramref name="Offset"/> rows.
/// </summary>
public sealed record NewestFirstPage(int Limit, int Offset, NewestFirst? After);

/// <summary>A row of such a list.</summary>
public interface INewestFirstRow
{
    Guid Id { get; }

    /// <summary>The time by which the list is sorted.</summary>
    DateTime CreatedAt { get; }
}
