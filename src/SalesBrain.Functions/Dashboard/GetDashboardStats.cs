using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Dashboard;

namespace SalesBrain.Functions.Dashboard;

/// <summary>The numbers at the top of the admin dashboard.</summary>
public sealed class GetDashboardStats(RequestPipeline pipeline)
{
    [Function(nameof(GetDashboardStats))]
    [Operation("Dashboard", "Get the totals of the admin dashboard",
        Description = "For the caller's organization. Platform operators get all organizations, or the one in organization_id. Days are UTC.")]
    [Requires(Capability.ReadDashboard)]
    [Returns(200, typeof(DashboardStats))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/dashboard/stats")] HttpRequest request) =>
        pipeline.RunAsync<GetDashboardStats, GetDashboardStatsQuery>(request, async (call, input) =>
        {
            var today = call.Now.UtcDateTime.Date;
            var counts = await DashboardStatistics.CountAsync(call.Read(), input.OrganizationId, today, call.CancellationToken);
            return ApiResults.Ok(Describe(counts));
        });

    private static DashboardStats Describe(DashboardCounts counts) => new()
    {
        Organizations = counts.Organizations,
        Users = counts.Users,
        Campaigns = new CampaignTotals(
            counts.CampaignsDraft, counts.CampaignsActive, counts.CampaignsPaused, counts.CampaignsCompleted, counts.CampaignsArchived),
        Contacts = counts.Contacts,
        Leads = new LeadTotals(
            counts.LeadsNew, counts.LeadsContacted, counts.LeadsResponded, counts.LeadsQualified, counts.LeadsConverted,
            counts.LeadsRejected),
        Webhooks = new DashboardWebhooks
        {
            Today = counts.WebhooksToday,
            LastSevenDays = counts.WebhooksLast7Days,
            PendingNow = counts.WebhooksPending,
            FailedNow = counts.WebhooksFailed,
            DeadNow = counts.WebhooksDead,
            OldestPendingAt = counts.OldestPendingAt,
        },
        ReplyRate = Rate(counts.RepliedLeads, counts.ContactedLeads),
        InterestRate = Rate(counts.InterestedLeads, counts.ContactedLeads),
    };

    private static double? Rate(long part, long whole) => whole > 0 ? (double)part / whole : null;
}

public sealed record GetDashboardStatsQuery
{
    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }
}

public sealed record DashboardStats
{
    /// <summary>Number of organizations; 1 for callers inside an organization.</summary>
    public required long Organizations { get; init; }

    /// <summary>Number of users of these organizations, without disabled users.</summary>
    public required long Users { get; init; }
    public required CampaignTotals Campaigns { get; init; }
    public required long Contacts { get; init; }
    public required LeadTotals Leads { get; init; }
    public required DashboardWebhooks Webhooks { get; init; }

    /// <summary>Share of contacted leads that replied, 0 to 1; null if no lead was contacted.</summary>
    public double? ReplyRate { get; init; }

    /// <summary>Share of contacted leads that showed interest, 0 to 1; null if no lead was contacted.</summary>
    public double? InterestRate { get; init; }
}

/// <summary>Number of campaigns by status, without deleted ones.</summary>
public sealed record CampaignTotals(long Draft, long Active, long Paused, long Completed, long Archived)
{
    public long Total => Draft + Active + Paused + Completed + Archived;
}

/// <summary>Number of leads by status, without deleted ones.</summary>
public sealed record LeadTotals(long New, long Contacted, long Responded, long Qualified, long Converted, long Rejected)
{
    public long Total => New + Contacted + Responded + Qualified + Converted + Rejected;
}

public sealed record DashboardWebhooks
{
    /// <summary>Number received since 00:00 UTC.</summary>
    public required long Today { get; init; }

    /// <summary>Number received today and in the six days before.</summary>
    public required long LastSevenDays { get; init; }

    /// <summary>Number waiting for the first attempt.</summary>
    public required long PendingNow { get; init; }

    /// <summary>Number waiting for a retry.</summary>
    public required long FailedNow { get; init; }

    /// <summary>Number that failed all automatic retries and can only be retried manually.</summary>
    public required long DeadNow { get; init; }

    /// <summary>When the oldest pending webhook was received; null if none is pending.</summary>
    public DateTime? OldestPendingAt { get; init; }
}
