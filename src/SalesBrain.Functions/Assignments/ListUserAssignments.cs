using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Assignments;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Data.Assignments;

namespace SalesBrain.Functions.Assignments;

/// <summary>Lists the campaigns and contacts of a user. For callers who can manage assignments, and for the user.</summary>
public sealed class ListUserAssignments(RequestPipeline pipeline)
{
    [Function(nameof(ListUserAssignments))]
    [Operation("Assignments", "List the campaigns and contacts of a user", Description =
        "Newest first. All users can read their own; only callers who manage assignments can read those of others. limit and "
        + "offset apply to both lists; each list has its own cursor. Automatic assignments include the reason.")]
    [SignedIn]
    [Returns(200, typeof(UserAssignmentLists))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/users/{userId:guid}/assignments")] HttpRequest request,
        Guid userId) =>
        pipeline.RunAsync<ListUserAssignments, ListUserAssignmentsRequest>(request, async (call, input) =>
        {
            if (call.Caller.UserId != userId && !call.Caller.Role.Can(Capability.ManageAssignments))
            {
                return Problems.Forbidden;
            }
            var campaigns = new CampaignPart(userId) { Limit = input.Limit, Offset = input.Offset, Cursor = input.CampaignsCursor };
            var contacts = new ContactPart(userId) { Limit = input.Limit, Offset = input.Offset, Cursor = input.ContactsCursor };
            if (!campaigns.TryStart(call.Cursors, out var campaignsStart))
            {
                return Problems.InvalidMember("campaigns_cursor", PageCursors.Invalid.Errors!["cursor"][0]);
            }
            if (!contacts.TryStart(call.Cursors, out var contactsStart))
            {
                return Problems.InvalidMember("contacts_cursor", PageCursors.Invalid.Errors!["cursor"][0]);
            }
            var session = call.Read();
            if (await Assignees.FindAsync(session, userId, null, call.CancellationToken) is not { } user)
            {
                return Problems.NotFound;
            }
            var rows = await UserAssignments.ListAsync(session, user, campaignsStart, contactsStart, call.CancellationToken);
            return ApiResults.Ok(UserAssignmentLists.Of(
                campaigns.ToPage(call.Cursors, rows.Campaigns, BoundedCount.Of(rows.CampaignsCount)),
                contacts.ToPage(call.Cursors, rows.Contacts, BoundedCount.Of(rows.ContactsCount)), rows));
        });

    // Two lists, so that the cursor of one is not taken for the other's, nor for another user's.
    private sealed record CampaignPart(Guid UserId) : AdminList;

    private sealed record ContactPart(Guid UserId) : AdminList;
}

public sealed record ListUserAssignmentsRequest : IValidatableObject
{
    /// <summary>Rows per page, for each list.</summary>
    [Range(1, PageRules.MaxLimit)]
    public int Limit { get; init; } = PageRules.DefaultLimit;

    /// <summary>Rows to skip, for each list without a cursor.</summary>
    [Range(0, int.MaxValue, ErrorMessage = "must be 0 or more")]
    [Accepts(Maximum = BoundedCount.Limit - 1)]
    public int Offset { get; init; }

    /// <summary>The <c>campaigns_next_cursor</c> of the previous page.</summary>
    [StringLength(PageRules.MaxCursorLength)]
    [Accepts(Pattern = PageRules.CursorPattern)]
    public string? CampaignsCursor { get; init; }

    /// <summary>The <c>contacts_next_cursor</c> of the previous page.</summary>
    [StringLength(PageRules.MaxCursorLength)]
    [Accepts(Pattern = PageRules.CursorPattern)]
    public string? ContactsCursor { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        (long)Offset + Limit > BoundedCount.Limit
            ? [new($"reaches past {BoundedCount.Limit} rows; go on with campaigns_cursor and contacts_cursor", [nameof(Offset)])]
            : [];
}

public sealed record UserAssignmentLists
{
    public required IReadOnlyList<CampaignAssignmentRow> Campaigns { get; init; }
    public required IReadOnlyList<AssignedContact> Contacts { get; init; }

    /// <summary>Number of the user's campaigns on all pages.</summary>
    public required int CampaignsCount { get; init; }

    /// <summary>Number of the user's contacts on all pages.</summary>
    public required int ContactsCount { get; init; }
    public required int Limit { get; init; }

    /// <summary>Number of campaigns before this page.</summary>
    public required int CampaignsOffset { get; init; }

    /// <summary>Number of contacts before this page.</summary>
    public required int ContactsOffset { get; init; }

    /// <summary>The <c>campaigns_cursor</c> for the next page; null on the last page.</summary>
    public required string? CampaignsNextCursor { get; init; }

    /// <summary>The <c>contacts_cursor</c> for the next page; null on the last page.</summary>
    public required string? ContactsNextCursor { get; init; }

    internal static UserAssignmentLists Of(Page<CampaignAssignmentRow> campaigns, Page<ContactAssignmentRow> contacts, UserAssignmentRows rows) => new()
    {
        Campaigns = campaigns.Rows,
        Contacts = [.. contacts.Rows.Select(AssignedContact.Of)],
        CampaignsCount = rows.CampaignsCount,
        ContactsCount = rows.ContactsCount,
        Limit = campaigns.Limit,
        CampaignsOffset = campaigns.Offset,
        ContactsOffset = contacts.Offset,
        CampaignsNextCursor = campaigns.NextCursor,
        ContactsNextCursor = contacts.NextCursor,
    };
}

/// <summary>A contact assigned to a user.</summary>
public sealed record AssignedContact
{
    public required Guid AssignmentId { get; init; }
    public required Guid ContactId { get; init; }

    /// <summary>Null if the contact has no address or the caller cannot see the contact.</summary>
    public required string? ContactEmail { get; init; }
    public required string? FirstName { get; init; }
    public required string? LastName { get; init; }
    public required string? Company { get; init; }
    public required int? LeadScore { get; init; }

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

    /// <summary>Why the rules chose this user; null for manual assignments.</summary>
    public required AssignmentReason? Reason { get; init; }

    internal static AssignedContact Of(ContactAssignmentRow row) => new()
    {
        AssignmentId = row.AssignmentId,
        ContactId = row.ContactId,
        ContactEmail = row.ContactEmail,
        FirstName = row.FirstName,
        LastName = row.LastName,
        Company = row.Company,
        LeadScore = row.LeadScore,
        AssignmentType = row.AssignmentType,
        IsPrimaryOwner = row.IsPrimaryOwner,
        OwnershipPercentage = row.OwnershipPercentage,
        LastContactedAt = row.LastContactedAt,
        NextFollowupAt = row.NextFollowupAt,
        InteractionsCount = row.InteractionsCount,
        AssignedBy = row.AssignedBy,
        AssignedAt = row.AssignedAt,
        Reason = AssignmentReason.Read(row.Reason),
    };
}
