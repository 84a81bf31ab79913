using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Rows;
using SalesBrain.Core.Values;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Returns one lead with its contact, campaign, assignee and timeline. For callers who can see it.</summary>
public sealed class GetLead(RequestPipeline pipeline)
{
    [Function(nameof(GetLead))]
    [Operation("Leads", "Get a lead with its contact, campaign, assignee and timeline",
        Description = "The timeline starts with the newest activities. For older ones, send its next_cursor as timeline_cursor.")]
    [Requires(Capability.ReadLeads)]
    [Returns(200, typeof(LeadDetail))]
    [Returns(304)]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/leads/{leadId:guid}")] HttpRequest request,
        Guid leadId) =>
        pipeline.RunAsync<GetLead, GetLeadRequest>(request, async (call, input) =>
        {
            var timeline = new TimelineCursor(leadId, input.TimelineCursor);
            if (!call.Cursors.TryRead<LeadActivityPosition>(timeline, out var after))
            {
                return Problems.InvalidMember("timeline_cursor", "is not a cursor of this lead's timeline; start again without it");
            }
            var found = await LeadDetails.FindAsync(call.Read(), leadId, input.TimelineSize + 1, after, call.CancellationToken);
            return found is null
                ? Problems.NotFound
                : EntityTags.Show(call, LeadDetail.Of(found, timeline, input.TimelineSize, call.Cursors));
        });
}

public sealed record GetLeadRequest
{
    /// <summary>Number of timeline activities to return.</summary>
    [Range(1, PageRules.MaxPageSize)]
    public int TimelineSize { get; init; } = PageRules.DefaultPageSize;

    /// <summary>The <c>next_cursor</c> of the previous part of the timeline.</summary>
    [StringLength(PageRules.MaxCursorLength)]
    [Accepts(Pattern = PageRules.CursorPattern)]
    public string? TimelineCursor { get; init; }
}

/// <summary>Where in the timeline of a lead to go on; good for that lead alone.</summary>
internal sealed record TimelineCursor(Guid LeadId, string? Cursor) : ICursorList;

/// <summary>A lead with its contact, campaign, assignee and timeline.</summary>
public sealed record LeadDetail : Lead, IVersionedRow
{
    private LeadDetail(Lead lead)
        : base(lead)
    {
    }

    /// <summary>When the interest was shown.</summary>
    public DateTime? InterestAt { get; private init; }

    /// <summary>The last qualification: <c>score</c>, <c>criteria</c>, <c>notes</c>, <c>qualified_by</c> and <c>qualified_at</c>.</summary>
    public JsonElement? QualificationData { get; private init; }

    /// <summary>The data from the source of the lead.</summary>
    public JsonElement SourceData { get; private init; }
    public JsonElement CompanyData { get; private init; }
    public JsonElement CustomFields { get; private init; }

    /// <summary>Null if the caller cannot see the contact.</summary>
    public LeadContact? Contact { get; private init; }

    /// <summary>Null if there is no campaign or the caller cannot see it.</summary>
    public LeadCampaign? Campaign { get; private init; }

    /// <summary>Null if the lead is not assigned or the caller cannot see the assignee.</summary>
    public LeadAssignee? Assignee { get; private init; }
    public LeadTimeline Timeline { get; private init; } = new();

    internal static LeadDetail Of(LeadDetails details, ICursorList timeline, int size, PageCursors cursors) => new(details.Lead)
    {
        InterestAt = details.Data.InterestAt,
        QualificationData = details.Data.QualificationData,
        SourceData = details.Data.SourceData,
        CompanyData = details.Data.CompanyData,
        CustomFields = details.Data.CustomFields,
        Contact = details.Contact,
        Campaign = details.Campaign,
        Assignee = details.Assignee,
        Timeline = LeadTimeline.Of(details.Activities, timeline, size, cursors),
    };
}

/// <summary>The activities of a lead, newest first.</summary>
public sealed record LeadTimeline
{
    public IReadOnlyList<LeadActivity> Activities { get; init; } = [];

    /// <summary>The <c>timeline_cursor</c> for older activities; null if there are none.</summary>
    public string? NextCursor { get; init; }

    internal static LeadTimeline Of(IReadOnlyList<LeadActivity> rows, ICursorList timeline, int size, PageCursors cursors) => rows.Count <= size
        ? new() { Activities = rows }
        : new()
        {
            Activities = [.. rows.Take(size)],
            NextCursor = cursors.Write(timeline, new LeadActivityPosition(rows[size - 1].OccurredAt, rows[size - 1].Id), 0),
        };
}
