using System.Text.Json;
using SalesBrain.Core.Webhooks.Endpoints;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Webhooks.Endpoints;

/// <summary>Endpoints that expect to hear something regularly, and don't.</summary>
public static class WebhookSilence
{
    /// <summary>
    /// Marks endpoints that have received nothing for too long, unmarks endpoints that receive again, and returns the changed ones. Every
    /// change of an endpoint restarts its interval. If several callers run it at once, each change is returned to only one of them.
    /// </summary>
    public static Task<List<SilenceChange>> UpdateAsync(PlatformSession session, DateTime now, CancellationToken cancellationToken) =>
        session.QueryAsync<SilenceChange>("""
            with watched as (
                select e.id, e.silent_since, newest.created_at as received_at
                from app.webhook_endpoint e
                join app.organization o on o.id = e.organization_id
                left join lateral (
                    select l.created_at from app.webhook_log l
                    where l.endpoint_id = e.id and l.organization_id = e.organization_id
                    order by l.created_at desc
                    limit 1
                ) newest on true
                where e.expect_every_seconds is not null and e.deleted_at is null and e.status = 'active' and o.status = 'active'
            ), locked as (
                -- By id, so that instances that do this at once wait for each other instead of deadlocking.
                select e.id, e.silent_since, w.received_at
                from watched w
                join app.webhook_endpoint e on e.id = w.id
                where case
                    when e.silent_since is null then greatest(w.received_at, e.updated_at) < @now - make_interval(secs => e.expect_every_seconds)
                    else w.received_at > e.silent_since end
                order by e.id
                for no key update of e
            ), changed as (
                update app.webhook_endpoint e set
                    silent_since = case when e.silent_since is null then greatest(w.received_at, e.updated_at) end
                from locked w
                where e.id = w.id and e.status = 'active' and e.deleted_at is null and case
                    when e.silent_since is null then greatest(w.received_at, e.updated_at) < @now - make_interval(secs => e.expect_every_seconds)
                    else w.received_at > e.silent_since end
                returning e.id, e.organization_id, e.source, e.name, e.expect_every_seconds, w.received_at,
                    e.silent_since is not null as is_silent, coalesce(e.silent_since, w.silent_since) as silent_since
            )
            select c.id as endpoint_id, c.organization_id, c.source, c.name, c.expect_every_seconds, c.received_at, c.is_silent, c.silent_since,
                case when c.is_silent then (
                    select coalesce(sum(r.delivery_count), 0) from app.webhook_rejection r
                    where r.organization_id = c.organization_id and r.endpoint_id = c.id and r.created_at > c.silent_since) else 0 end as refused
            from changed c
            order by c.organization_id, c.id
            """, new { now }, cancellationToken);

    /// <summary>
    /// Notifies the active owners of the endpoints' organizations. Equal notifications within ten minutes are combined into one with a
    /// count.
    /// </summary>
    public static Task NotifyOwnersAsync(
        PlatformSession session, IReadOnlyCollection<SilenceChange> changes, DateTime now, CancellationToken cancellationToken)
    {
        var notifications = changes.Select(SilenceRules.Notification).ToList();
        return session.ExecuteAsync("""
            insert into app.notification as n (
                organization_id, user_id, type, title, body, link_entity, link_id, data, burst_key, burst_at, created_at)
            select u.organization_id, u.id, t.type, t.title, t.body, 'webhook_endpoint', t.endpoint_id, t.data::jsonb, t.endpoint_id::text,
                date_bin('10 minutes', @now, 'epoch'), @now
            from unnest(@organizationIds, @endpointIds, @types, @titles, @bodies, @data) as t (organization_id, endpoint_id, type, title, body, data)
            join app.user u on u.organization_id = t.organization_id and u.role = 'owner' and u.status = 'active'
            order by u.organization_id, u.id, t.type, t.endpoint_id
            on conflict (organization_id, user_id, type, burst_key, burst_at) do update set
                title = excluded.title, body = excluded.body, data = excluded.data, count = n.count + 1, read_at = null
            """, new
        {
            organizationIds = changes.Select(change => change.OrganizationId).ToArray(),
            endpointIds = changes.Select(change => change.EndpointId).ToArray(),
            types = notifications.Select(notification => notification.Type).ToArray(),
            titles = notifications.Select(notification => notification.Title).ToArray(),
            bodies = notifications.Select(notification => notification.Body).ToArray(),
            data = changes.Select(Data).ToArray(),
            now,
        }, cancellationToken);
    }

    private static string Data(SilenceChange change) => JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["endpoint_id"] = change.EndpointId,
        ["source"] = change.Source,
        ["silent_since"] = change.SilentSince,
        ["expect_every"] = SilenceRules.Format(TimeSpan.FromSeconds(change.ExpectEverySeconds)),
    });
}
