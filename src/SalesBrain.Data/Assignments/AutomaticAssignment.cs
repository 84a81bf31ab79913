using System.Net;
using System.Text.Json;
using SalesBrain.Core.Assignments;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Assignments;

/// <summary>Contacts that the organization's rules give to users; see app.assign_contacts.</summary>
public static class AutomaticAssignment
{
    /// <summary>
    /// Assigns contacts without an owner and writes the audit entry, in one statement. In an autocommit session the pool is locked only for
    /// that statement. Returns a row for each contact.
    /// </summary>
    public static Task<List<AutomaticallyAssigned>> AssignAsync(
        DatabaseSession session, AutomaticRequest request, CancellationToken cancellationToken) =>
        session.QueryAsync<AutomaticallyAssigned>("""
            with answer as materialized (
                select a.contact_id, a.outcome, a.user_id, a.assignment_type, a.reason
                from app.assign_contacts(@OrganizationId, @contactIds, @Strategy, @AssignedBy, @now) a
            ), audit as (
                insert into app.audit_log (id, organization_id, actor_id, actor_role, action, entity, changes, ip, at)
                select @auditId, @OrganizationId, @ActorId, @ActorRole, 'assignment.automated', 'contact',
                    jsonb_build_object('count', count(*), 'strategy', @Strategy::text, 'contact_ids', (array_agg(a.contact_id))[:500]), @ip::inet, @now
                from answer a
                where a.outcome = 'assigned'
                having count(*) > 0
            )
            select a.contact_id, a.outcome, a.user_id, u.email as user_email, a.assignment_type, a.reason
            from answer a
            left join app.user u on u.organization_id = @OrganizationId and u.id = a.user_id
            """,
            new
            {
                request.OrganizationId,
                request.Strategy,
                request.AssignedBy,
                request.ActorId,
                request.ActorRole,
                ip = request.Ip?.ToString(),
                contactIds = request.ContactIds.ToArray(),
                now = request.Now.UtcDateTime,
                auditId = Guid.CreateVersion7(request.Now),
            }, cancellationToken);

    /// <summary>Contacts of an organization that match and have no primary owner, the oldest first.</summary>
    public static Task<List<Guid>> FindUnassignedAsync(
        DatabaseSession session, Guid organizationId, UnassignedFilter filter, int limit, CancellationToken cancellationToken) =>
        session.QueryAsync<Guid>("""
            select k.id
            from app.contact k
            where k.organization_id = @organizationId
                and (@CampaignId::uuid is null or exists (
                    select from app.lead l
                    where l.organization_id = k.organization_id and l.contact_id = k.id and l.campaign_id = @CampaignId and l.deleted_at is null))
                and (@Country::text is null or lower(btrim(k.country)) = lower(btrim(@Country)))
                and (@Region::text is null or lower(btrim(k.region)) = lower(btrim(@Region)))
                and (@City::text is null or lower(btrim(k.city)) = lower(btrim(@City)))
                and (@CompanyDomain::text is null or app.plain_domain(btrim(@CompanyDomain)) = any (app.company_domains(k.email_norm, k.website)))
                and (@Tag::text is null or lower(btrim(@Tag)) = any (lower(k.tags::text)::text[]))
                and (@MinLeadScore::int is null or app.contact_lead_score(k.organization_id, k.id) >= @MinLeadScore)
                and (@MaxLeadScore::int is null or app.contact_lead_score(k.organization_id, k.id) <= @MaxLeadScore)
                and (@CreatedFrom::timestamptz is null or k.created_at >= @CreatedFrom) and (@CreatedTo::timestamptz is null or k.created_at < @CreatedTo)
                and not exists (
                    select from app.user_contact_assignment a
                    where a.organization_id = k.organization_id and a.contact_id = k.id and a.status = 'active' and a.is_primary_owner)
            order by k.created_at, k.id
            limit @limit
            """,
            new
            {
                organizationId,
                filter.CampaignId,
                filter.Country,
                filter.Region,
                filter.City,
                filter.CompanyDomain,
                filter.Tag,
                filter.MinLeadScore,
                filter.MaxLeadScore,
                filter.CreatedFrom,
                filter.CreatedTo,
                limit,
            }, cancellationToken);
}

/// <summary>Contacts to assign, in the order in which they are served. Strategy null = the rules'.</summary>
public sealed record AutomaticRequest
{
    public required Guid OrganizationId { get; init; }
    public required IReadOnlyCollection<Guid> ContactIds { get; init; }
    public string? Strategy { get; init; }

    /// <summary>The user recorded as assigning.</summary>
    public required Guid AssignedBy { get; init; }

    /// <summary>Who asked for it.</summary>
    public required Guid ActorId { get; init; }
    public required string ActorRole { get; init; }
    public IPAddress? Ip { get; init; }
    public required DateTimeOffset Now { get; init; }
}

/// <summary>Which contacts without an owner; null = whichever. Texts are compared trimmed and in any letter case.</summary>
public sealed record UnassignedFilter
{
    public Guid? CampaignId { get; init; }
    public string? Country { get; init; }
    public string? Region { get; init; }
    public string? City { get; init; }
    public string? CompanyDomain { get; init; }
    public string? Tag { get; init; }
    public int? MinLeadScore { get; init; }
    public int? MaxLeadScore { get; init; }
    public DateTime? CreatedFrom { get; init; }
    public DateTime? CreatedTo { get; init; }
}

/// <summary>What became of one contact.</summary>
public sealed record AutomaticallyAssigned
{
    public Guid ContactId { get; init; }

    /// <summary><c>assigned</c>, <c>already_assigned</c>, <c>nobody_eligible</c> or <c>not_found</c>.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>Who has it now.</summary>
    public Guid? UserId { get; init; }
    public string? UserEmail { get; init; }
    public string? AssignmentType { get; init; }

    /// <summary>
    /// An <see cref="AssignmentReason"/> if the contact was assigned, an <see cref="EmptyPool"/> if no user could take it.
    /// </summary>
    public JsonElement? Reason { get; init; }
}
