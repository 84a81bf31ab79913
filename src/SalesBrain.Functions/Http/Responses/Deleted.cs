namespace SalesBrain.Functions.Http.Responses;

/// <summary>The deleted resource.</summary>
public sealed record Deleted(Guid Id);
