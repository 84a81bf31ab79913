namespace SalesBrain.Functions.Http.Responses;

/// <summary>What is gone.</summary>
public sealed record Deleted(Guid Id);
