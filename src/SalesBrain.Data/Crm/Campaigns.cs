using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Crm;

/// <summary>Campaigns as people manage them; each session finds those that its role reaches. Deleted ones are not there any more.</summary>
public static class Campaigns
{
    private const string Columns = """
        c.id, c.organization_id, c.agency_id, a.name as agency_name, c.client_id, l.name as client_name, c.name, c.description, c.status, c.source,
        c.external_id, c.start_date, c.end_date, c.started_at, c.completed_at, c.settings, c.target_audience, c.created_by, c.version, c.created_at,
        c.updated_at, n.leads as leads_count, n.contacted as contacted_count, n.opened as opened_count, n.clicked as clicked_count, n.replied as replied_count,
        n.bounced as bounced_count, n.unsubscribed as unsubscribed_count, n.interested as interested_count, n.contacted_leads, n.opened_leads,
        n.clicked_leads, n.replied_leads, n.bounced_leads, n.unsubscribed_leads, n.interested_leads, n.qualified_leads, n.converted_leads,
        n.contact_rate, n.open_rate, n.reply_rate, n.interest_rate, n.qualification_rate, n.conversion_rate
        """;

    private const string Joins = """
        join app.campaign_performance n on n.organization_id = c.organization_id and n.campaign_id = c.id
        left join app.agency a on a.organization_id = c.organization_id and a.id = c.agency_id
        left join app.client l on l.organization_id = c.organization_id and l.id = c.client_id
        """;

    /// <summary>Locks the leads in the order of their ids, as everybody does: an update alone locks them in any order.</summary>
    private const string MoveLeads = """
        with locked as (
            select l.organization_id, l.id
            from app.lead l
            where l.organization_id = @OrganizationId and l.campaign_id = @Id
                and l.agency_id is not distinct from @agencyBefore::uuid and l.client_id is not distinct from @clientBefore::uuid
            order by l.id
            for no key update
        )
        update app.lead l set agency_id = @AgencyId, client_id = @ClientId, updated_at = @UpdatedAt
        from locked k
        where l.organization_id = k.organization_id and l.id = k.id;

        """;

    /// <summary>
    /// The counters of each campaign. To sort by them all campaigns of the caller are summed, because a counter on the campaign itself
    /// would make the events of a campaign wait for each other.
    /// </summary>
    private static readonly JoinedTable Performance = new("s", """
        join lateral (
            select coalesce(sum(k.leads), 0)::integer as leads_count,
                round(1000000 * sum(k.replied_leads)::numeric / nullif(sum(k.contacted_leads), 0))::integer as reply_rate
            from app.campaign_counter k
            where k.organization_id = t.organization_id and k.campaign_id = t.id
        ) s on true
        """);

    private static readonly JoinedTable StatusOrder = new("s", """
        join lateral (
            select array_position('{draft,active,paused,completed,archived}', t.status) as place
        ) s on true
        """);

    /// <summary>The sort key of each order.</summary>
    public static SortKey KeyOf(CampaignSort sort) => sort switch
    {
        CampaignSort.UpdatedAt => SortKey.Time("updated_at"),
        CampaignSort.Name => SortKey.Text("sort_name"),
        CampaignSort.Status => SortKey.Number("place") with { Joined = StatusOrder, IsDescendingByDefault = false },
        CampaignSort.LeadsCount => SortKey.Number("leads_count") with { Joined = Performance },
        CampaignSort.ReplyRate => SortKey.Number("reply_rate", isOptional: true) with { Joined = Performance },
        _ => SortKey.Time("created_at"),
    };

    /// <summary>A page of the campaigns that match, and how many match in all.</summary>
    public static Task<(List<Campaign> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, CampaignFilter filter, PageStart start, CancellationToken cancellationToken) =>
        PageQuery.ReadAsync<Campaign>(session, ListStatement(SessionScope.Of(session), filter, start), cancellationToken);

    internal static Statement ListStatement(SessionScope scope, CampaignFilter filter, PageStart start)
    {
        const string Matches = """
            t.deleted_at is null
            and (@org::uuid is null or t.organization_id = @org) and (@agency::uuid is null or t.agency_id = @agency)
            and (@client::uuid is null or t.client_id = @client)
            and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId) and (@AgencyId::uuid is null or t.agency_id = @AgencyId)
            and (@ClientId::uuid is null or t.client_id = @ClientId) and (cardinality(@statuses) = 0 or t.status = any (@statuses))
            """;
        var organizationId = scope.OrganizationId ?? filter.OrganizationId;
        var finder = Finder.OfTerm(filter.Search, "campaign", scope, organizationId);
        return new PageQuery("campaign", Matches, start, finder) { ReadsEachOrganization = organizationId is null }.ToStatement(
            Columns,
            $"""
            join app.campaign c on c.id = p.id
            {Joins}
            """,
            new
            {
                org = scope.OrganizationId,
                agency = scope.AgencyId,
                client = scope.ClientId,
                filter.OrganizationId,
                filter.AgencyId,
                filter.ClientId,
                statuses = filter.Statuses.Select(status => status.ToWireName()).ToArray(),
            });
    }

    /// <summary>One campaign; null if the session cannot see one with the id.</summary>
    public static Task<Campaign?> FindAsync(DatabaseSession session, Guid campaignId, CancellationToken cancellationToken) =>
        FindAsync(session, campaignId, "", cancellationToken);

    /// <summary>Locks one campaign until the transaction ends; null if the session cannot change one with the id.</summary>
    public static Task<Campaign?> LockAsync(DatabaseSession session, Guid campaignId, CancellationToken cancellationToken) =>
        // Not "for update": that would block adding a lead of it.
        FindAsync(session, campaignId, "for no key update of c", cancellationToken);

    /// <summary>
    /// Adds a campaign. Throws <see cref="Npgsql.PostgresException"/> with constraint <c>campaign_external_id_key</c> when the source's id
    /// is taken, and with <c>campaign_agency_fkey</c> or <c>campaign_client_fkey</c> when the organization has no such agency or client.
    /// </summary>
    public static Task AddAsync(DatabaseSession session, Campaign campaign, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            insert into app.campaign (
                id, organization_id, agency_id, client_id, name, description, status, source, external_id, start_date, end_date, started_at, settings,
                target_audience, created_by, created_at, updated_at)
            values (
                @Id, @OrganizationId, @AgencyId, @ClientId, @Name, @Description, @Status, @Source, @ExternalId, @StartDate, @EndDate, @StartedAt, @Settings,
                @TargetAudience, @CreatedBy, @CreatedAt, @UpdatedAt)
            """, campaign, cancellationToken);

    /// <summary>
    /// Writes what may change of a locked campaign, with the audit entry. Leads that were at its agency and client go with it to another.
    /// Throws as <see cref="AddAsync"/>.
    /// </summary>
    public static Task UpdateAsync(
        DatabaseSession session, Campaign before, Campaign campaign, AuditEntry entry, CancellationToken cancellationToken)
    {
        var moves = (before.AgencyId, before.ClientId) != (campaign.AgencyId, campaign.ClientId);
        var arguments = AuditLog.With(campaign, entry);
        arguments.Add("agencyBefore", before.AgencyId);
        arguments.Add("clientBefore", before.ClientId);
        // An update that names columns of a unique key locks the row so that nobody can add a lead of the campaign, even if their values
        // stay the same (there is a trigger before it). Whoever adds one has locked leads. So the key is named only if it changes, and the
        // leads come first.
        var key = (before.Source, before.ExternalId) == (campaign.Source, campaign.ExternalId)
            ? ""
            : "source = @Source, external_id = @ExternalId,";
        return session.ExecuteAsync($"""
            {(moves ? MoveLeads : "")}
            update app.campaign c set
                {key} agency_id = @AgencyId, client_id = @ClientId, name = @Name, description = @Description, status = @Status,
                start_date = @StartDate, end_date = @EndDate, started_at = @StartedAt, completed_at = @CompletedAt,
                settings = @Settings, target_audience = @TargetAudience, updated_at = @UpdatedAt
            where c.organization_id = @OrganizationId and c.id = @Id;

            {AuditLog.Insert}
            """, arguments, cancellationToken);
    }

    /// <summary>Marks a locked campaign as deleted. Its leads and activities stay.</summary>
    public static Task DeleteAsync(DatabaseSession session, Campaign campaign, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.campaign c set deleted_at = @now, updated_at = @now where c.organization_id = @OrganizationId and c.id = @Id
            """, new { campaign.OrganizationId, campaign.Id, now }, cancellationToken);

    /// <summary>Which of an agency and a client the session can see in an organization; the client only at that agency.</summary>
    public static Task<CampaignPlace> FindPlaceAsync(
        DatabaseSession session, Guid organizationId, Guid? agencyId, Guid? clientId, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<CampaignPlace>("""
            select
                (select a.id from app.agency a where a.organization_id = @organizationId and a.id = @agencyId) as agency_id,
                (select l.agency_id from app.client l where l.organization_id = @organizationId and l.id = @clientId) as agency_of_client
            """, new { organizationId, agencyId, clientId }, cancellationToken);

    private static Task<Campaign?> FindAsync(DatabaseSession session, Guid campaignId, string locking, CancellationToken cancellationToken)
    {
        var scope = SessionScope.Of(session);
        return session.QuerySingleOrDefaultAsync<Campaign>($"""
            select {Columns}
            from app.campaign c
            {Joins}
            where c.id = @campaignId and c.deleted_at is null and (@org::uuid is null or c.organization_id = @org)
                and (@agency::uuid is null or c.agency_id = @agency) and (@client::uuid is null or c.client_id = @client)
            {locking}
            """, new { campaignId, org = scope.OrganizationId, agency = scope.AgencyId, client = scope.ClientId }, cancellationToken);
    }
}

/// <summary>An agency, and the agency of a client; null where the session sees none.</summary>
public sealed record CampaignPlace
{
    public Guid? AgencyId { get; init; }
    public Guid? AgencyOfClient { get; init; }
}
