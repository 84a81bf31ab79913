namespace SalesBrain.Functions.Http.Responses;

/// <summary>Result of a bulk change. An id that is sent twice counts once.</summary>
public sealed record BulkResult
{
    /// <summary>True if at least one item succeeded, or if there was nothing to do.</summary>
    public required bool Success { get; init; }

    /// <summary>Number of items that are as requested now, including those that already were.</summary>
    public required int SuccessCount { get; init; }
    public required int FailedCount { get; init; }
    public required IReadOnlyList<BulkFailure> FailedItems { get; init; }

    internal static BulkResult Of(int succeeded, IReadOnlyList<BulkFailure> failures) => new()
    {
        Success = succeeded > 0 || failures.Count == 0,
        SuccessCount = succeeded,
        FailedCount = failures.Count,
        FailedItems = failures,
    };
}

/// <summary>Why one item was not changed.</summary>
public sealed record BulkFailure(Guid Id, string Code, string Error)
{
    internal static BulkFailure Of(Guid id, Problem problem) => new(id, problem.Code, problem.Detail);
}
