namespace SalesBrain.Functions.Assignments;

/// <summary>Result of a bulk assignment. An id that is sent twice counts once.</summary>
public sealed record AssignmentResults
{
    /// <summary>True if at least one is assigned now, or if there was nothing to do.</summary>
    public required bool Success { get; init; }

    /// <summary>Number of requested assignments that are in place now, including those that already existed.</summary>
    public required int SuccessCount { get; init; }
    public required int FailedCount { get; init; }
    public required IReadOnlyList<AssignmentFailure> FailedItems { get; init; }

    internal static AssignmentResults Of(int assigned, IReadOnlyList<AssignmentFailure> failures) => new()
    {
        Success = assigned > 0 || failures.Count == 0,
        SuccessCount = assigned,
        FailedCount = failures.Count,
        FailedItems = failures,
    };
}

/// <summary>Why one campaign or contact was not assigned.</summary>
public sealed record AssignmentFailure(Guid Id, string Code, string Error)
{
    internal static AssignmentFailure Of(Guid id, Problem problem) => new(id, problem.Code, problem.Detail);
}
