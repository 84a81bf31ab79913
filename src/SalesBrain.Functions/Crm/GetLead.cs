using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Shows one lead with its contact, campaign, assignee and timeline to whoever sees it.</summary>
public sealed class GetLead(RequestPipeline pipeline)
{
    [Function(nameof(GetLead))]
    [Operation("Leads", "One lead with its contact, campaign, assignee and timeline",
        Description = "The timeline begins with the newest activities; send its next_cursor as timeline_cursor for those before.")]
    [Requires(Capability.ReadLeads)]
    [Returns(200, typeof(LeadDetail))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/leads/{leadId:guid}")] HttpRequest request,
        Guid leadId) =>
        pipeline.RunAsync<GetLead, GetLeadRequest>(request, async (call, input) =>
        {
            var timeline = new TimelineCursor(leadId, input.TimelineCursor);
            if (!PageCursor.TryRead<LeadActivityPosition>(timeline, out var after))
            {
                return Problems.InvalidMember("timeline_cursor", "belongs to another lead, or is damaged; begin again without it");
            }
            var found = await LeadDetails.FindAsync(call.Read(), leadId, input.TimelineSize + 1, after, call.CancellationToken);
            return found is null ? Problems.NotFound : ApiResults.Ok(LeadDetail.Of(found, timeline, input.TimelineSize));
        });
}

public sealed record GetLeadRequest
{
    /// <summary>Activities of the timeline.</summary>
    [Range(1, PageRules.MaxPageSize)]
    public int TimelineSize { get; init; } = PageRules.DefaultPageSize;

    /// <summary>The <c>next_cursor</c> of the timeline before.</summary>
    [StringLength(PageRules.MaxCursorLength)]
    public string? TimelineCursor { get; init; }
}

/// <summary>Where in the timeline of a lead to go on; good for that lead alone.</summary>
internal sealed record TimelineCursor(Guid LeadId, string? Cursor) : ICursorList;

/// <summary>A lead with everything around it.</summary>
public sealed record LeadDetail : Lead
{
    private LeadDetail(Lead lead)
        : base(lead)
    {
    }

    /// <summary>When what is behind the interest happened.</summary>
    public DateTime? InterestAt { get; private init; }

    /// <summary>How it was judged.</summary>
    public JsonElement? QualificationData { get; private init; }

    /// <summary>What its source said of it.</summary>
    public JsonElement SourceData { get; private init; }
    public JsonElement CompanyData { get; private init; }
    public JsonElement CustomFields { get; private init; }

    /// <summary>Null for callers who do not see the contact.</summary>
    public LeadContact? Contact { get; private init; }

    /// <summary>Null where there is no campaign, and for callers who do not see it.</summary>
    public LeadCampaign? Campaign { get; private init; }

    /// <summary>Null where nobody works it, and for callers who do not see that user.</summary>
    public LeadAssignee? Assignee { get; private init; }
    public LeadTimeline Timeline { get; private init; } = new();

    internal static LeadDetail Of(LeadDetails details, ICursorList timeline, int size) => new(details.Lead)
    {
        InterestAt = details.Data.InterestAt,
        QualificationData = details.Data.QualificationData,
        SourceData = details.Data.SourceData,
        CompanyData = details.Data.CompanyData,
        CustomFields = details.Data.CustomFields,
        Contact = details.Contact,
        Campaign = details.Campaign,
        Assignee = details.Assignee,
        Timeline = LeadTimeline.Of(details.Activities, timeline, size),
    };
}

/// <summary>What happened to a lead, newest first.</summary>
public sealed record LeadTimeline
{
    public IReadOnlyList<LeadActivity> Activities { get; init; } = [];

    /// <summary>The <c>timeline_cursor</c> of the activities before; null when these are the oldest.</summary>
    public string? NextCursor { get; init; }

    internal static LeadTimeline Of(IReadOnlyList<LeadActivity> rows, ICursorList timeline, int size) => rows.Count <= size
        ? new() { Activities = rows }
        : new()
        {
            Activities = [.. rows.Take(size)],
            NextCursor = PageCursor.Write(timeline, new LeadActivityPosition(rows[size - 1].OccurredAt, rows[size - 1].Id), 0),
        };
}
