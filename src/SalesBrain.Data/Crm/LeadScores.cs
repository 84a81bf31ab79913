using System.Text.Json;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Crm;

/// <summary>What scores of leads are computed from, and their correction.</summary>
public static class LeadScores
{
    /// <summary>What the score of one lead is computed from; null if the session cannot see a lead with the id.</summary>
    public static Task<ScoredLead?> FindAsync(DatabaseSession session, Guid leadId, CancellationToken cancellationToken)
    {
        var scope = SessionScope.Of(session);
        return session.QuerySingleOrDefaultAsync<ScoredLead>("""
            select l.status, l.qualification_score, l.priority, coalesce(l.last_activity_at, l.created_at) as active_at, o.lead_score_weights as weights
            from app.lead l
            join app.organization o on o.id = l.organization_id
            where l.id = @leadId and l.deleted_at is null and (@org::uuid is null or l.organization_id = @org)
                and (@agency::uuid is null or l.agency_id = @agency) and (@client::uuid is null or l.client_id = @client)
            """, new { leadId, org = scope.OrganizationId, agency = scope.AgencyId, client = scope.ClientId }, cancellationToken);
    }

    /// <summary>
    /// Corrects the scores of the next live leads, in the order of organizations and ids, and says where to go on. The recency of a lead
    /// decays without a change of the lead, and the weights of an organization may have changed. Not a change that people see: neither
    /// version nor updated_at change. Leads that another transaction holds are left out; it computes their scores itself.
    /// </summary>
    /// <param name="session">A session whose statements are transactions of their own.</param>
    /// <param name="after">The end of the batch before.</param>
    /// <param name="size">Number of leads of a batch.</param>
    /// <param name="now">When the scores are to be right.</param>
    /// <param name="cancellationToken">Stops the statement.</param>
    public static Task<RescoredBatch> RescoreAsync(
        PlatformSession session, LeadPosition after, int size, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<RescoredBatch>("""
            with batch as materialized (
                select l.organization_id, l.id, l.deleted_at, l.score, o.lead_score_weights as weights,
                    app.lead_score(
                        l.status, l.qualification_score, l.priority, coalesce(l.last_activity_at, l.created_at), @now, o.lead_score_weights) as correct
                from (
                    select l.organization_id, l.id, l.deleted_at, l.score, l.status, l.qualification_score, l.priority, l.last_activity_at, l.created_at
                    from app.lead l
                    where (l.organization_id, l.id) > (@OrganizationId, @LeadId)
                    order by l.organization_id, l.id
                    limit @size
                ) l
                join app.organization o on o.id = l.organization_id
            ), locked as (
                select l.organization_id, l.id, b.weights
                from batch b
                join app.lead l on l.organization_id = b.organization_id and l.id = b.id
                where b.score <> b.correct and b.deleted_at is null
                order by l.organization_id, l.id
                for no key update of l skip locked
            ), rescored as (
                -- Computed again, of the row as it is now that it is locked.
                update app.lead l set
                    score = app.lead_score(l.status, l.qualification_score, l.priority, coalesce(l.last_activity_at, l.created_at), @now, k.weights)
                from locked k
                where l.organization_id = k.organization_id and l.id = k.id
                returning 1
            )
            select (select count(*) from batch)::integer as leads, (select count(*) from rescored)::integer as rescored,
                z.organization_id, z.id as lead_id
            from (values (1)) one
            left join lateral (select b.organization_id, b.id from batch b order by b.organization_id desc, b.id desc limit 1) z on true
            """, new { after.OrganizationId, after.LeadId, size, now }, cancellationToken);
}

/// <summary>What the score of a lead is computed from.</summary>
public sealed record ScoredLead
{
    public string Status { get; init; } = "";
    public int? QualificationScore { get; init; }
    public string Priority { get; init; } = "";

    /// <summary>The last activity, or when the lead was created if it has none.</summary>
    public DateTime ActiveAt { get; init; }

    /// <summary>The organization's own weights; null if it has none.</summary>
    public JsonElement? Weights { get; init; }
}

/// <summary>A lead's place in the order of organizations and ids.</summary>
public sealed record LeadPosition(Guid OrganizationId, Guid LeadId)
{
    /// <summary>Before all leads.</summary>
    public static LeadPosition Start { get; } = new(Guid.Empty, Guid.Empty);
}

/// <summary>A batch of leads whose scores were corrected.</summary>
public sealed record RescoredBatch
{
    /// <summary>Leads in the batch; fewer than asked for at the end.</summary>
    public int Leads { get; init; }

    /// <summary>Leads whose score changed.</summary>
    public int Rescored { get; init; }

    /// <summary>The last lead of the batch; null if there are no more.</summary>
    public Guid? OrganizationId { get; init; }
    public Guid? LeadId { get; init; }
}
