using System.Text.Json;
using Dapper;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Crm;

/// <summary>Leads as people change them. Triggers keep version, score and closed_at.</summary>
public static class LeadChanges
{
    private const string Columns = """
        l.id, l.organization_id, l.contact_id, l.campaign_id, l.agency_id, l.client_id, l.status, l.interest, l.interest_label, l.interest_at, l.priority,
        l.qualification_score, l.qualification_data, l.practice_area, l.source, l.source_data, l.company_data, l.custom_fields, l.tags, l.assigned_to,
        l.created_by, l.deal_amount, l.deal_currency, l.deal_entered_by, l.expected_close_date, l.version, l.created_at, l.updated_at
        """;

    private const string IsReached = """
        l.deleted_at is null and (@org::uuid is null or l.organization_id = @org) and (@agency::uuid is null or l.agency_id = @agency)
        and (@client::uuid is null or l.client_id = @client)
        """;

    /// <summary>
    /// Leads that nobody else changes until the transaction ends, in the order of their ids; without those that the session may not change.
    /// And the ids of those that it can see.
    /// </summary>
    public static Task<LockedLeads> LockAsync(
        DatabaseSession session, IReadOnlyCollection<Guid> leadIds, CancellationToken cancellationToken)
    {
        var scope = SessionScope.Of(session);
        // Not "for update": other sessions that write a row that names the lead would wait. Row-level security locks only what the session
        // may change.
        return session.QueryMultipleAsync(
            $"""
            select {Columns}
            from app.lead l
            where l.id = any (@leadIds) and {IsReached}
            order by l.id
            for no key update;

            select l.id
            from app.lead l
            where l.id = any (@leadIds) and {IsReached}
            """,
            new { leadIds = leadIds.ToArray(), org = scope.OrganizationId, agency = scope.AgencyId, client = scope.ClientId },
            async (results, token) =>
                new LockedLeads(await results.ReadAsync<LeadRow>(token), (await results.ReadAsync<Guid>(token)).ToHashSet()),
            cancellationToken);
    }

    /// <summary>
    /// Adds a lead. False if the contact has a live lead in the campaign already; two who add at once wait for each other. A lead without a
    /// campaign is compared with those of the same client.
    /// </summary>
    public static async Task<bool> AddAsync(DatabaseSession session, LeadRow lead, CancellationToken cancellationToken)
    {
        if (lead.CampaignId is null)
        {
            // No unique key keeps these apart: older ones may be several.
            await session.ExecuteAsync(
                "select pg_advisory_xact_lock(hashtextextended('salesbrain.lead.' || @ContactId::text, 0))", new { lead.ContactId },
                cancellationToken);
            if (await FindLiveAsync(session, lead, cancellationToken) is not null)
            {
                return false;
            }
        }
        // The contact first, as the foreign key locks it afterwards: a merge locks contacts before their leads.
        return await session.ExecuteAsync("""
            select from app.contact k where k.organization_id = @OrganizationId and k.id = @ContactId for key share;

            insert into app.lead (
                id, organization_id, contact_id, campaign_id, agency_id, client_id, status, interest, interest_label, interest_at, priority,
                practice_area, source, source_data, company_data, custom_fields, tags, assigned_to, created_by, deal_amount, deal_currency,
                deal_entered_by, deal_at, expected_close_date, created_at, updated_at)
            values (
                @Id, @OrganizationId, @ContactId, @CampaignId, @AgencyId, @ClientId, @Status, @Interest, @InterestLabel, @InterestAt, @Priority,
                @PracticeArea, @Source, @SourceData, @CompanyData, @CustomFields, @Tags, @AssignedTo, @CreatedBy, @DealAmount, @DealCurrency,
                @DealEnteredBy, case when @DealAmount::numeric is not null then timestamptz 'infinity' end, @ExpectedCloseDate, @CreatedAt, @UpdatedAt)
            on conflict (organization_id, contact_id, campaign_id) where deleted_at is null do nothing
            """, lead, cancellationToken) == 1;
    }

    /// <summary>The id of the live lead of the same contact in the same campaign; null if the session can see none.</summary>
    public static Task<Guid?> FindLiveAsync(DatabaseSession session, LeadRow lead, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Guid?>("""
            select l.id
            from app.lead l
            where l.organization_id = @OrganizationId and l.contact_id = @ContactId and l.deleted_at is null and l.id <> @Id
                and l.campaign_id is not distinct from @CampaignId::uuid
                and (@CampaignId::uuid is not null or l.client_id is not distinct from @ClientId::uuid)
            order by l.id
            limit 1
            """, new { lead.OrganizationId, lead.ContactId, lead.CampaignId, lead.ClientId, lead.Id }, cancellationToken);

    /// <summary>
    /// Writes what may change of locked leads, with an audit entry for each, in two statements of one round trip. Throws
    /// <see cref="Npgsql.PostgresException"/> with constraint <c>lead_contact_campaign_key</c> if the contact has another live lead in the
    /// campaign.
    /// </summary>
    public static Task UpdateAsync(
        DatabaseSession session, IReadOnlyCollection<LeadRow> leads, IReadOnlyCollection<AuditEntry> entries, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(new
        {
            leads = JsonSerializer.Serialize(leads.Select(LeadWrite.Of), LeadWrite.Json),
            updatedAt = leads.First().UpdatedAt,
        });
        parameters.AddDynamicParams(AuditLog.ParametersOf(entries));
        return session.ExecuteAsync($"""
            update app.lead l set
                campaign_id = n.campaign_id, agency_id = n.agency_id, client_id = n.client_id, status = n.status, interest = n.interest,
                interest_label = n.interest_label, interest_at = n.interest_at, priority = n.priority, qualification_score = n.qualification_score,
                qualification_data = n.qualification_data, practice_area = n.practice_area, source = n.source, source_data = n.source_data,
                company_data = n.company_data, custom_fields = n.custom_fields, tags = n.tags, assigned_to = n.assigned_to,
                deal_amount = n.deal_amount, deal_currency = n.deal_currency, deal_entered_by = n.deal_entered_by,
                -- A person's entry is never replaced by an event.
                deal_at = case n.deal_entered_by when 'person' then 'infinity' when 'webhook' then l.deal_at end,
                expected_close_date = n.expected_close_date, updated_at = @updatedAt
            from jsonb_populate_recordset(null::app.lead, @leads::jsonb) n
            where l.organization_id = n.organization_id and l.id = n.id;

            {AuditLog.InsertMany}
            """, parameters, cancellationToken);
    }

    /// <summary>Deletes locked leads, with an audit entry for each. Their activities stay.</summary>
    public static Task DeleteAsync(
        DatabaseSession session, IReadOnlyCollection<LeadRow> leads, DateTime now, IReadOnlyCollection<AuditEntry> entries,
        CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(new { leadIds = leads.Select(lead => lead.Id).ToArray(), now });
        parameters.AddDynamicParams(AuditLog.ParametersOf(entries));
        return session.ExecuteAsync($"""
            update app.lead l set deleted_at = @now, updated_at = @now
            where l.id = any (@leadIds) and l.deleted_at is null;

            {AuditLog.InsertMany}
            """, parameters, cancellationToken);
    }

    /// <summary>
    /// Notifies a user of leads that were just assigned to them, unless they did it themselves. The notes are shown with the notification.
    /// </summary>
    public static Task NotifyAssigneeAsync(
        DatabaseSession session, IReadOnlyCollection<LeadRow> leads, Guid assignee, Guid assigner, string? notes, DateTime now,
        CancellationToken cancellationToken) =>
        session.ExecuteAsync("select app.notify_lead_assignee(@OrganizationId, @leadIds, @assignee, @assigner, @notes, @now)", new
        {
            leads.First().OrganizationId,
            leadIds = leads.Select(lead => lead.Id).ToArray(),
            assignee,
            assigner,
            notes,
            now,
        }, cancellationToken);

    /// <summary>A lead as the update reads it: all of its columns by their names.</summary>
    private sealed record LeadWrite(
        Guid Id, Guid OrganizationId, Guid? CampaignId, Guid? AgencyId, Guid? ClientId, string Status, string? Interest,
        string? InterestLabel, DateTime? InterestAt, string Priority, int? QualificationScore, JsonElement? QualificationData,
        string? PracticeArea, string? Source, JsonElement SourceData, JsonElement CompanyData, JsonElement CustomFields, string[] Tags,
        Guid? AssignedTo, decimal? DealAmount, string? DealCurrency, string? DealEnteredBy, DateOnly? ExpectedCloseDate)
    {
        internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.General)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            MaxDepth = Core.Values.FreeJson.StoredDepth,
        };

        internal static LeadWrite Of(LeadRow lead) => new(
            lead.Id, lead.OrganizationId, lead.CampaignId, lead.AgencyId, lead.ClientId, lead.Status, lead.Interest, lead.InterestLabel,
            lead.InterestAt is { } at ? DateTime.SpecifyKind(at, DateTimeKind.Utc) : null, lead.Priority, lead.QualificationScore,
            lead.QualificationData, lead.PracticeArea, lead.Source, lead.SourceData, lead.CompanyData, lead.CustomFields, lead.Tags,
            lead.AssignedTo, lead.DealAmount, lead.DealCurrency, lead.DealEnteredBy, lead.ExpectedCloseDate);
    }
}

/// <summary>Leads that are locked, and the ids of all that the session can see.</summary>
public sealed record LockedLeads(IReadOnlyList<LeadRow> Rows, IReadOnlySet<Guid> Visible);
