using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Assignments;

/// <summary>
/// The queue of contacts to assign. Entries are not claimed: if two instances process a contact at once, the locks of the assignment
/// function ensure that it is assigned once.
/// </summary>
public static class AssignmentQueue
{
    /// <summary>Organizations with contacts that were not tried yet, or not since the rules changed.</summary>
    public static Task<List<WaitingGroup>> FindUntriedAsync(PlatformSession session, CancellationToken cancellationToken) =>
        session.QueryAsync<WaitingGroup>("""
            with recursive waiting as (
                (select q.organization_id from app.assignment_queue q where q.rule_id is null order by q.organization_id limit 1)
                union all
                select (
                    select q.organization_id from app.assignment_queue q
                    where q.organization_id > waiting.organization_id and q.rule_id is null
                    order by q.organization_id
                    limit 1)
                from waiting
                where waiting.organization_id is not null
            )
            select w.organization_id from waiting w join app.organization o on o.id = w.organization_id and o.status = 'active'
            """, null, cancellationToken);

    /// <summary>The rules that had no eligible user for some contact, with their organization.</summary>
    public static Task<List<WaitingGroup>> FindBlockedAsync(PlatformSession session, CancellationToken cancellationToken) =>
        session.QueryAsync<WaitingGroup>("""
            with recursive waiting as (
                (select q.organization_id, q.rule_id from app.assignment_queue q where q.rule_id is not null order by q.organization_id, q.rule_id limit 1)
                union all
                select next.organization_id, next.rule_id
                from waiting
                cross join lateral (
                    select q.organization_id, q.rule_id from app.assignment_queue q
                    where (q.organization_id, q.rule_id) > (waiting.organization_id, waiting.rule_id) and q.rule_id is not null
                    order by q.organization_id, q.rule_id
                    limit 1) next
            )
            select w.organization_id, w.rule_id from waiting w join app.organization o on o.id = w.organization_id and o.status = 'active'
            """, null, cancellationToken);

    /// <summary>Assigns the oldest contacts of a group, in one transaction of their own.</summary>
    public static Task<QueueProgress> AssignOldestAsync(
        PlatformSession session, WaitingGroup group, int most, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<QueueProgress>($"""
            with oldest as materialized (
                select q.contact_id, q.queued_at
                from app.assignment_queue q
                where q.organization_id = @OrganizationId and q.rule_id {(group.RuleId is null ? "is null" : "= @RuleId")}
                order by q.queued_at, q.contact_id
                limit @most
            )
            select (select count(*) from oldest) as taken, count(*) filter (where a.outcome = 'nobody_eligible') as "left"
            from app.assign_contacts(
                @OrganizationId, array(select o.contact_id from oldest o order by o.queued_at, o.contact_id), null, null, @now) a
            """, new { group.OrganizationId, group.RuleId, most, now }, cancellationToken);
}

/// <summary>Waiting contacts of an organization: new ones, or those of a rule that had no eligible user.</summary>
public sealed record WaitingGroup
{
    public Guid OrganizationId { get; init; }
    public Guid? RuleId { get; init; }
}

/// <summary>How many contacts were tried, and how many of them still wait.</summary>
public sealed record QueueProgress
{
    public long Taken { get; init; }
    public long Left { get; init; }
}
