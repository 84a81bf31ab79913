using System.Runtime.InteropServices;
using SalesBrain.Core.Live;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Live;

/// <summary>The events that tell browsers what changed. Triggers write them (sql/current/30_triggers/live).</summary>
public static class LiveEvents
{
    /// <summary>How long events are kept at least: a cursor that is older may have missed some.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(3);

    /// <summary>Days, with today, whose partitions are made ahead.</summary>
    public const int DaysAhead = 8;

    private const string Columns = """
        e.xid::text::bigint as xid, e.number, e.organization_id, e.agency_id, e.client_id, e.user_id, e.audience, e.channel, e.kind, e.entity,
        e.entity_id, e.campaign_id, e.data::text as data, e.at
        """;

    // The snapshot of the statement itself: rows below its oldest running transaction are all there, and no more will come.
    private const string Readable = "e.xid < pg_snapshot_xmin(pg_current_snapshot())";

    /// <summary>
    /// Reads the events of all organizations behind a position, in order, at most <paramref name="limit"/>, and the counters of campaigns,
    /// in one round trip.
    /// </summary>
    public static Task<LiveReading> ReadAsync(
        PlatformSession session, LivePosition after, IReadOnlyCollection<CampaignKey> campaigns, int limit, CancellationToken cancellationToken) =>
        session.QueryMultipleAsync($"""
            {SnapshotSql};
            select {Columns}
            from app.live_event e
            where (e.xid, e.number) > (@xid::text::xid8, @number) and {Readable}
            order by e.xid, e.number
            limit @limit;
            {CountersSql}
            """,
            new
            {
                xid = after.Xid.ToString(),
                number = after.Number,
                limit,
                organizations = campaigns.Select(campaign => campaign.OrganizationId).ToArray(),
                campaigns = campaigns.Select(campaign => campaign.CampaignId).ToArray(),
            },
            async (results, token) => new LiveReading(
                (await results.ReadAsync<LiveSnapshot>(token)).Single(), await results.ReadAsync<LiveChange>(token),
                await results.ReadAsync<CampaignCounters>(token)),
            cancellationToken);

    /// <summary>Where the events begin that are not told yet, before any is read.</summary>
    public static Task<LiveSnapshot> GetSnapshotAsync(PlatformSession session, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<LiveSnapshot>(SnapshotSql, null, cancellationToken);

    /// <summary>
    /// Reads an organization's events of some channels behind a position and up to another one, in order. All events up to that one are
    /// readable.
    /// </summary>
    public static Task<List<LiveChange>> ReadMissedAsync(
        PlatformSession session, Guid organizationId, IReadOnlyCollection<string> channels, LivePosition after, LivePosition through,
        int limit, CancellationToken cancellationToken) =>
        session.QueryAsync<LiveChange>($"""
            select {Columns}
            from app.live_event e
            where (e.xid, e.number) > (@xid::text::xid8, @number) and (e.xid, e.number) <= (@throughXid::text::xid8, @throughNumber)
                and e.organization_id = @organizationId and e.channel = any (@channels)
            order by e.xid, e.number
            limit @limit
            """, Arguments(organizationId, channels, after, through, limit), cancellationToken);

    /// <summary>As <see cref="ReadMissedAsync"/>, of all organizations.</summary>
    public static Task<List<LiveChange>> ReadMissedEverywhereAsync(
        PlatformSession session, IReadOnlyCollection<string> channels, LivePosition after, LivePosition through, int limit, CancellationToken cancellationToken) =>
        session.QueryAsync<LiveChange>($"""
            select {Columns}
            from app.live_event e
            where (e.xid, e.number) > (@xid::text::xid8, @number) and (e.xid, e.number) <= (@throughXid::text::xid8, @throughNumber)
                and e.channel = any (@channels)
            order by e.xid, e.number
            limit @limit
            """, Arguments(null, channels, after, through, limit), cancellationToken);

    /// <summary>The present counters of campaigns.</summary>
    public static Task<List<CampaignCounters>> GetCountersAsync(
        PlatformSession session, IReadOnlyCollection<CampaignKey> campaigns, CancellationToken cancellationToken) =>
        session.QueryAsync<CampaignCounters>(CountersSql, new
        {
            organizations = campaigns.Select(campaign => campaign.OrganizationId).ToArray(),
            campaigns = campaigns.Select(campaign => campaign.CampaignId).ToArray(),
        }, cancellationToken);

    /// <summary>
    /// Makes the partitions of today and the coming days, drops those that are no longer kept, and returns their numbers.
    /// </summary>
    public static async Task<(int Made, int Dropped)> MaintainAsync(PlatformSession session, CancellationToken cancellationToken)
    {
        // Two statements: what is made stays although something cannot be dropped.
        var made = await session.QuerySingleAsync<int>(
            "select app.ensure_live_event_partitions(now(), @DaysAhead)", new { DaysAhead }, cancellationToken);
        return (made, await session.QuerySingleAsync<int>("select app.drop_live_event_partitions()", null, cancellationToken));
    }

    private const string SnapshotSql = """
        select pg_snapshot_xmin(s.snapshot)::text::bigint as oldest_running, pg_snapshot_xmax(s.snapshot)::text::bigint as next, clock_timestamp() as now
        from (select pg_current_snapshot() as snapshot) s
        """;

    private const string CountersSql = """
        select k.organization_id, k.campaign_id, jsonb_build_object(
            'leads_count', sum(c.leads), 'contacted_count', sum(c.contacted), 'opened_count', sum(c.opened), 'clicked_count', sum(c.clicked),
            'replied_count', sum(c.replied), 'bounced_count', sum(c.bounced), 'unsubscribed_count', sum(c.unsubscribed),
            'interested_count', sum(c.interested), 'contacted_leads', sum(c.contacted_leads), 'opened_leads', sum(c.opened_leads),
            'clicked_leads', sum(c.clicked_leads), 'replied_leads', sum(c.replied_leads), 'bounced_leads', sum(c.bounced_leads),
            'unsubscribed_leads', sum(c.unsubscribed_leads), 'interested_leads', sum(c.interested_leads),
            'qualified_leads', sum(c.qualified_leads), 'converted_leads', sum(c.converted_leads))::text as counters
        from unnest(@organizations::uuid[], @campaigns::uuid[]) k (organization_id, campaign_id)
        join app.campaign_counter c on c.organization_id = k.organization_id and c.campaign_id = k.campaign_id
        group by k.organization_id, k.campaign_id
        """;

    private static object Arguments(Guid? organizationId, IReadOnlyCollection<string> channels, LivePosition after, LivePosition through, int limit) => new
    {
        organizationId,
        channels = channels.ToArray(),
        xid = after.Xid.ToString(),
        number = after.Number,
        throughXid = through.Xid.ToString(),
        throughNumber = through.Number,
        limit,
    };
}

/// <summary>The database's transactions at a moment.</summary>
public sealed record LiveSnapshot
{
    /// <summary>Events of older transactions are readable, and no more of them will come.</summary>
    public long OldestRunning { get; init; }

    /// <summary>The id of the next transaction.</summary>
    public long Next { get; init; }

    /// <summary>The database's time.</summary>
    public DateTime Now { get; init; }

    /// <summary>The position behind everything that is readable.</summary>
    public LivePosition Position => new(OldestRunning, 0);
}

/// <summary>What <see cref="LiveEvents.ReadAsync"/> found.</summary>
public sealed record LiveReading(LiveSnapshot Snapshot, IReadOnlyList<LiveChange> Changes, IReadOnlyList<CampaignCounters> Counters);

/// <summary>A campaign of an organization.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CampaignKey(Guid OrganizationId, Guid CampaignId);

/// <summary>A campaign's counters, by the names of the API, as a JSON object.</summary>
public sealed record CampaignCounters
{
    public Guid OrganizationId { get; init; }

    public Guid CampaignId { get; init; }

    public string Counters { get; init; } = "{}";

    public CampaignKey Key => new(OrganizationId, CampaignId);
}
