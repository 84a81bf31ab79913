using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Assignments;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Assignments;

namespace SalesBrain.Functions.Assignments;

/// <summary>Shows which campaigns and contacts a user has, for whoever manages assignments, and for the user.</summary>
public sealed class ListUserAssignments(RequestPipeline pipeline)
{
    [Function(nameof(ListUserAssignments))]
    [Operation("Assignments", "A user's campaigns and contacts, newest first",
        Description = "Everybody may read their own; others only whoever manages assignments. limit and offset hold for both lists; deeper, each goes on by "
            + "its own cursor. The reason of an automatic assignment stands with it.")]
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
            if (!campaigns.TryStart(out var campaignsStart))
            {
                return Problems.InvalidMember("campaigns_cursor", PageCursor.Invalid.Errors!["cursor"][0]);
            }
            if (!contacts.TryStart(out var contactsStart))
            {
                return Problems.InvalidMember("contacts_cursor", PageCursor.Invalid.Errors!["cursor"][0]);
            }
            var session = call.Read();
            if (await Assignees.FindAsync(session, userId, null, call.CancellationToken) is not { } user)
            {
                return Problems.NotFound;
            }
            var rows = await UserAssignments.ListAsync(session, user, campaignsStart, contactsStart, call.CancellationToken);
            return ApiResults.Ok(UserAssignmentLists.Of(
                campaigns.ToPage(rows.Campaigns, BoundedCount.Of(rows.CampaignsCount)),
                contacts.ToPage(rows.Contacts, BoundedCount.Of(rows.ContactsCount)), rows));
        });

    // Two lists, so that the cursor of one is not taken for the other's, nor for another user's.
    private sealed record CampaignPart(Guid UserId) : AdminList;

    private sealed record ContactPart(Guid UserId) : AdminList;
}

public sealed record ListUserAssignmentsRequest : IValidatableObject
{
    /// <summary>Rows of a page of each list.</summary>
    [Range(1, PageRules.MaxLimit)]
    public int Limit { get; init; } = PageRules.DefaultLimit;

    /// <summary>Rows to leave out of each list that has no cursor; for the first pages.</summary>
    [Range(0, int.MaxValue, ErrorMessage = "must be 0 or more")]
    public int Offset { get; init; }

    /// <summary>The <c>campaigns_next_cursor</c> of the page before.</summary>
    [StringLength(PageRules.MaxCursorLength)]
    public string? CampaignsCursor { get; init; }

    /// <summary>The <c>contacts_next_cursor</c> of the page before.</summary>
    [StringLength(PageRules.MaxCursorLength)]
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

    /// <summary>Campaigns the user has, on all pages.</summary>
    public required int CampaignsCount { get; init; }

    /// <summary>Contacts the user has, on all pages.</summary>
    public required int ContactsCount { get; init; }
    public required int Limit { get; init; }

    /// <summary>Campaigns of the pages before this one.</summary>
    public required int CampaignsOffset { get; init; }

    /// <summary>Contacts of the pages before this one.</summary>
    public required int ContactsOffset { get; init; }

    /// <summary>The <c>campaigns_cursor</c> of the next page; null on the last one.</summary>
    public required string? CampaignsNextCursor { get; init; }

    /// <summary>The <c>contacts_cursor</c> of the next page; null on the last one.</summary>
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

/// <summary>A contact that a user has.</summary>
public sealed record AssignedContact
{
    public required Guid AssignmentId { get; init; }
    public required Guid ContactId { get; init; }

    /// <summary>Null where the contact has none, or the caller's role doesn't see the contact.</summary>
    public required string? ContactEmail { get; init; }
    public required string? FirstName { get; init; }
    public required string? LastName { get; init; }
    public required string? Company { get; init; }
    public required int? LeadScore { get; init; }
    public required string AssignmentType { get; init; }
    public required bool IsPrimaryOwner { get; init; }
    public required int OwnershipPercentage { get; init; }
    public required DateTime? LastContactedAt { get; init; }
    public required DateTime? NextFollowupAt { get; init; }
    public required int InteractionsCount { get; init; }

    /// <summary>Null where the rules assigned it without being asked.</summary>
    public required Guid? AssignedBy { get; init; }
    public required DateTime AssignedAt { get; init; }

    /// <summary>Why it went to this user; null where somebody chose them.</summary>
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
