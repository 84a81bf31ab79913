using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Values;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Returns one contact with its leads, owner and newest activities. For callers who can see it.</summary>
public sealed class GetContact(RequestPipeline pipeline)
{
    /// <summary>Most leads in the response.</summary>
    private const int MaxLeads = 100;

    [Function(nameof(GetContact))]
    [Operation("Contacts", "Get a contact with its leads, owner and newest activities",
        Description = "Contains the newest 100 leads. The timeline starts with the newest activities. For older ones, send its next_cursor as timeline_cursor. "
            + "The id of a contact that was merged redirects to the one that it was merged into.")]
    [Requires(Capability.ReadContacts)]
    [Returns(200, typeof(ContactDetail))]
    [Returns(301)]
    [Returns(304)]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/contacts/{contactId:guid}")] HttpRequest request,
        Guid contactId) =>
        pipeline.RunAsync<GetContact, GetContactRequest>(request, async (call, input) =>
        {
            var timeline = new ContactTimelineCursor(contactId, input.TimelineCursor);
            if (!call.Cursors.TryRead<LeadActivityPosition>(timeline, out var after))
            {
                return Problems.InvalidMember("timeline_cursor", "is not a cursor of this contact's timeline; start again without it");
            }
            var found = await ContactDetails.FindAsync(
                call.Read(), contactId, MaxLeads, input.TimelineSize + 1, after, call.CancellationToken);
            return found is null
                ? await MissingContact.RedirectAsync(call, contactId)
                : EntityTags.Show(call, ContactDetail.Of(found, timeline, input.TimelineSize, call.Cursors));
        });
}

public sealed record GetContactRequest
{
    /// <summary>Number of timeline activities to return.</summary>
    [Range(1, PageRules.MaxPageSize)]
    public int TimelineSize { get; init; } = 20;

    /// <summary>The <c>next_cursor</c> of the previous part of the timeline.</summary>
    [StringLength(PageRules.MaxCursorLength)]
    [Accepts(Pattern = PageRules.CursorPattern)]
    public string? TimelineCursor { get; init; }
}

/// <summary>The place where the timeline of a contact continues.</summary>
internal sealed record ContactTimelineCursor(Guid ContactId, string? Cursor) : ICursorList;

/// <summary>A contact with its leads, owner and newest activities.</summary>
public sealed record ContactDetail : Contact
{
    private ContactDetail(Contact contact)
        : base(contact)
    {
    }

    /// <summary>The live leads that the caller can see, newest first, at most 100.</summary>
    public IReadOnlyList<Lead> Leads { get; private init; } = [];

    /// <summary>The primary owner. Null if there is none or the caller cannot see the assignment.</summary>
    public LeadAssignee? Owner { get; private init; }
    public ContactTimeline Timeline { get; private init; } = new();

    internal static ContactDetail Of(ContactDetails details, ICursorList timeline, int size, PageCursors cursors) => new(details.Contact)
    {
        Leads = details.Leads,
        Owner = details.Owner,
        Timeline = ContactTimeline.Of(details.Activities, timeline, size, cursors),
    };
}

/// <summary>The activities of a contact, newest first.</summary>
public sealed record ContactTimeline
{
    public IReadOnlyList<ContactActivity> Activities { get; init; } = [];

    /// <summary>The <c>timeline_cursor</c> for older activities; null if there are none.</summary>
    public string? NextCursor { get; init; }

    internal static ContactTimeline Of(IReadOnlyList<ContactActivity> rows, ICursorList timeline, int size, PageCursors cursors) => rows.Count <= size
        ? new() { Activities = rows }
        : new()
        {
            Activities = [.. rows.Take(size)],
            NextCursor = cursors.Write(timeline, new LeadActivityPosition(rows[size - 1].OccurredAt, rows[size - 1].Id), 0),
        };
}
