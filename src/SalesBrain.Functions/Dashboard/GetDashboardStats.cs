using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Dashboard;

namespace SalesBrain.Functions.Dashboard;

/// <summary>The numbers at the top of the admin dashboard.</summary>
public sealed class GetDashboardStats(RequestPipeline pipeline)
{
    [Function(nameof(GetDashboardStats))]
    [Operation("Dashboard", "The numbers of the admin dashboard",
        Description = "Of the caller's organization; for platform operators of all organizations, or of organization_id. Days are UTC.")]
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
            counts.LeadsNew, counts.LeadsContacted, counts.LeadsResponded, counts.LeadsQualified, counts.LeadsConverted, counts.LeadsRejected),
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
    /// <summary>For platform operators; default: all organizations together.</summary>
    public Guid? OrganizationId { get; init; }
}

public sealed record DashboardStats
{
    /// <summary>1 for callers inside an organization.</summary>
    public required long Organizations { get; init; }

    /// <summary>Users of these organizations, without disabled ones.</summary>
    public required long Users { get; init; }
    public required CampaignTotals Campaigns { get; init; }
    public required long Contacts { get; init; }
    public required LeadTotals Leads { get; init; }
    public required DashboardWebhooks Webhooks { get; init; }

    /// <summary>Leads that replied, of those that were written to, 0 to 1; null when none was.</summary>
    public double? ReplyRate { get; init; }

    /// <summary>Leads that showed interest, of those that were written to, 0 to 1; null when none was.</summary>
    public double? InterestRate { get; init; }
}

/// <summary>Campaigns by status; deleted ones don't count.</summary>
public sealed record CampaignTotals(long Draft, long Active, long Paused, long Completed, long Archived)
{
    public long Total => Draft + Active + Paused + Completed + Archived;
}

/// <summary>Leads by status; deleted ones don't count.</summary>
public sealed record LeadTotals(long New, long Contacted, long Responded, long Qualified, long Converted, long Rejected)
{
    public long Total => New + Contacted + Responded + Qualified + Converted + Rejected;
}

public sealed record DashboardWebhooks
{
    /// <summary>Received since 00:00 UTC.</summary>
    public required long Today { get; init; }

    /// <summary>Received today and on the six days before.</summary>
    public required long LastSevenDays { get; init; }

    /// <summary>Waiting for their first attempt.</summary>
    public required long PendingNow { get; init; }

    /// <summary>Waiting for another attempt.</summary>
    public required long FailedNow { get; init; }

    /// <summary>Given up; only a person can retry them.</summary>
    public required long DeadNow { get; init; }

    /// <summary>When the oldest pending one was received; null when none is pending.</summary>
    public DateTime? OldestPendingAt { get; init; }
}
