namespace SalesBrain.Functions.Assignments;

/// <summary>What came of assigning many things at once. A thing that was asked for twice counts once.</summary>
public sealed record AssignmentResults
{
    /// <summary>Whether at least one is assigned now; also true when there was nothing to do.</summary>
    public required bool Success { get; init; }

    /// <summary>How many are assigned as asked for, whether they were before or not.</summary>
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

/// <summary>Why one thing was not assigned.</summary>
public sealed record AssignmentFailure(Guid Id, string Code, string Error)
{
    internal static AssignmentFailure Of(Guid id, Problem problem) => new(id, problem.Code, problem.Detail);
}
