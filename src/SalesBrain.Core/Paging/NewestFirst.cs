namespace SalesBrain.Core.Paging;

/// <summary>A row's place in a list that begins with the newest.</summary>
public readonly record struct NewestFirst(DateTime CreatedAt, Guid Id);
