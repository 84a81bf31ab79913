using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Assignments;
using SalesBrain.Data.Assignments;

namespace SalesBrain.Functions.Assignments;

/// <summary>Lists the current and past assignments of a contact. For callers who can manage assignments.</summary>
public sealed class ListContactAssignments(RequestPipeline pipeline)
{
    private const int Limit = 100;

    [Function(nameof(ListContactAssignments))]
    [Operation("Assignments", "List the current and past assignments of a contact",
        Description = "Active assignments come first, then the newest; at most 100. Automatic assignments include the reason.")]
    [Requires(Capability.ManageAssignments)]
    [Returns(200, typeof(ContactOwnerList))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/contacts/{contactId:guid}/assignments")] HttpRequest request,
        Guid contactId) =>
        pipeline.RunAsync<ListContactAssignments>(request, async call =>
        {
            var session = call.Read();
            var rows = await ContactAssignments.ListOfContactAsync(session, contactId, Limit, call.CancellationToken);
            return rows.Count > 0 || await ContactAssignments.ContactExistsAsync(session, contactId, call.CancellationToken)
                ? ApiResults.Ok(new ContactOwnerList { Assignments = [.. rows.Select(ContactOwner.Of)] })
                : Problems.NotFound;
        });
}

public sealed record ContactOwnerList
{
    public required IReadOnlyList<ContactOwner> Assignments { get; init; }
}

/// <summary>A current or former owner of a contact.</summary>
public sealed record ContactOwner
{
    public required Guid AssignmentId { get; init; }
    public required Guid UserId { get; init; }
    public required string UserEmail { get; init; }
    public required string? UserFirstName { get; init; }
    public required string? UserLastName { get; init; }

    /// <summary><c>active</c>, <c>inactive</c> or <c>transferred</c>.</summary>
    [AllowedValues("active", "inactive", "transferred")]
    public required string Status { get; init; }

    [AllowedValues("manual", "round_robin", "lead_score", "territory")]
    public required string AssignmentType { get; init; }
    public required bool IsPrimaryOwner { get; init; }
    public required int OwnershipPercentage { get; init; }
    public required DateTime? LastContactedAt { get; init; }
    public required DateTime? NextFollowupAt { get; init; }
    public required int InteractionsCount { get; init; }

    /// <summary>Null if the rules assigned it automatically.</summary>
    public required Guid? AssignedBy { get; init; }
    public required DateTime AssignedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }

    /// <summary>Why the rules chose this user; null for manual assignments.</summary>
    public required AssignmentReason? Reason { get; init; }

    internal static ContactOwner Of(ContactOwnerRow row) => new()
    {
        AssignmentId = row.AssignmentId,
        UserId = row.UserId,
        UserEmail = row.UserEmail,
        UserFirstName = row.UserFirstName,
        UserLastName = row.UserLastName,
        Status = row.Status,
        AssignmentType = row.AssignmentType,
        IsPrimaryOwner = row.IsPrimaryOwner,
        OwnershipPercentage = row.OwnershipPercentage,
        LastContactedAt = row.LastContactedAt,
        NextFollowupAt = row.NextFollowupAt,
        InteractionsCount = row.InteractionsCount,
        AssignedBy = row.AssignedBy,
        AssignedAt = row.AssignedAt,
        UpdatedAt = row.UpdatedAt,
        Reason = AssignmentReason.Read(row.Reason),
    };
}
