using SalesBrain.Core.Agents;
using SalesBrain.Core.Agents.Upgrade;
using SalesBrain.Core.Values;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Agents.Upgrade;

/// <summary>Writes the agents and assignments of an agent-level installation.</summary>
public static class AgentUpgrade
{
    /// <summary>
    /// Many, because the people of a batch are looked for before any of them is added: the statistics do not know those who were added before
    /// in the same transaction, so plans may read all of them for each person.
    /// </summary>
    private const int PeopleInBatch = 20_000;

    /// <summary>
    /// Has the statements of the transaction planned for many rows. The statistics may say that tables are almost empty, and do not know
    /// what the transaction itself adds: a plan that is kept, or a nested loop, would read all people for each person.
    /// </summary>
    public static Task PlanForManyAsync(PlatformSession session, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<string>(
            "select set_config('plan_cache_mode', 'force_custom_plan', true) || set_config('enable_nestloop', 'off', true)", null,
            cancellationToken);

    /// <summary>
    /// The tenants with these keys. Until the transaction ends, their mapping to Genesys organizations stays what it is, and nobody signs in
    /// with Genesys in them.
    /// </summary>
    public static Task<List<UpgradedTenant>> HoldTenantsAsync(
        PlatformSession session, IEnumerable<string> keys, CancellationToken cancellationToken) =>
        session.QueryAsync<UpgradedTenant>("""
            select t.id, t.tenant_key as key, t.organization_id, o.name as organization_name, t.genesys_org_id, w.status as whatsapp_status
            from app.tenant t
            join app.organization o on o.id = t.organization_id
            left join app.whatsapp_account w on w.organization_id = t.organization_id
            where t.tenant_key = any (@keys)
            order by t.id for no key update of t
            """, new { keys = keys.ToArray() }, cancellationToken);

    /// <summary>The users of these Genesys users.</summary>
    public static Task<List<ConnectedUser>> FindConnectedAsync(
        PlatformSession session, IReadOnlyCollection<string> genesysUserIds, CancellationToken cancellationToken) =>
        session.QueryAsync<ConnectedUser>("""
            select g.genesys_user_id, g.organization_id, g.user_id, u.status = 'active' as is_active
            from app.genesys_user g
            join app.user u on u.organization_id = g.organization_id and u.id = g.user_id
            where g.genesys_user_id = any (@ids)
            """, new { ids = genesysUserIds.ToArray() }, cancellationToken);

    /// <summary>Those of the ids that users have.</summary>
    public static Task<List<Guid>> FindUsersAsync(PlatformSession session, IEnumerable<Guid> ids, CancellationToken cancellationToken) =>
        session.QueryAsync<Guid>("select id from app.user where id = any (@ids)", new { ids = ids.ToArray() }, cancellationToken);

    /// <summary>The rows that an upgrade adds to, in some organizations.</summary>
    public static Task<UpgradeCounts> CountAsync(
        PlatformSession session, IEnumerable<Guid> organizationIds, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<UpgradeCounts>("""
            select
                (select count(*) from app.user where organization_id = any (@ids) and role in ('agent', 'agent_supervisor')) as agents,
                (select count(*) from app.genesys_user where organization_id = any (@ids)) as genesys_users,
                (select count(*) from app.contact where organization_id = any (@ids)) as contacts,
                (select count(*) from app.conversation where organization_id = any (@ids)) as conversations,
                (select count(*) from app.conversation_assignment where organization_id = any (@ids)) as assignments
            """, new { ids = organizationIds.ToArray() }, cancellationToken);

    /// <summary>Adds users with the role agent, each with their Genesys user.</summary>
    public static Task AddAgentsAsync(
        PlatformSession session, IReadOnlyCollection<PlannedAgent> agents, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            insert into app.user (id, organization_id, email, email_norm, first_name, role, status, created_at, updated_at)
            select a.id, a.organization_id, a.address, a.address, a.first_name, 'agent', a.status, @now, @now
            from unnest(@ids, @organizationIds, @addresses, @firstNames, @statuses) as a (id, organization_id, address, first_name, status);

            insert into app.genesys_user (organization_id, user_id, genesys_user_id, genesys_org_id, name, email, state, created_at, updated_at)
            -- What Genesys says of them is known at their first sign-in.
            select a.organization_id, a.id, a.genesys_user_id, a.genesys_org_id, a.name, a.email, 'unknown', @now, @now
            from unnest(@ids, @organizationIds, @genesysUserIds, @genesysOrgIds, @names, @emails)
                as a (id, organization_id, genesys_user_id, genesys_org_id, name, email)
            """, new
        {
            ids = agents.Select(agent => agent.UserId).ToArray(),
            organizationIds = agents.Select(agent => agent.OrganizationId).ToArray(),
            addresses = agents.Select(agent => AgentAddresses.Of(agent.UserId)).ToArray(),
            firstNames = agents.Select(agent => NameText.Clean(agent.Name, 100)).ToArray(),
            statuses = agents.Select(agent => agent.IsActive ? "active" : "disabled").ToArray(),
            genesysUserIds = agents.Select(agent => agent.GenesysUserId).ToArray(),
            genesysOrgIds = agents.Select(agent => agent.GenesysOrgId).ToArray(),
            names = agents.Select(agent => agent.Name).ToArray(),
            emails = agents.Select(agent => agent.Email).ToArray(),
            now,
        }, cancellationToken);

    /// <summary>
    /// Carries over the assignments that are not there yet, in the conversations that are going on with their people, or new ones. Returns
    /// which they are. A conversation that somebody has here keeps its agent.
    /// </summary>
    public static async Task<IReadOnlyList<PlannedAssignment>> CarryOverAsync(
        PlatformSession session, IReadOnlyCollection<PlannedAssignment> assignments, DateTime now, CancellationToken cancellationToken)
    {
        var known = (await session.QueryAsync<Guid>(
            "select id from app.conversation_assignment where id = any (@ids)", new { ids = assignments.Select(assignment => assignment.Id).ToArray() }, cancellationToken))
            .ToHashSet();
        var added = assignments.Where(assignment => !known.Contains(assignment.Id)).ToList();
        if (added.Count == 0)
        {
            return added;
        }
        var people = added.GroupBy(assignment => (assignment.OrganizationId, assignment.PeerId)).ToList();
        // Not a lock for each person: the server has room for some thousands.
        await session.ExecuteAsync(
            "select app.reserve_people(@organizations)",
            new { organizations = people.Select(person => person.Key.OrganizationId).Distinct().ToArray() }, cancellationToken);
        var conversations = new List<(int N, Guid Id, bool IsNew)>();
        foreach (var batch in people.Chunk(PeopleInBatch))
        {
            conversations.AddRange(await session.QueryAsync<(int N, Guid Id, bool IsNew)>("""
                select n, conversation_id, is_new
                from app.begin_conversations(@organizationIds, @peers, array_fill(null::text, array[cardinality(@peers)]), @now)
                order by n
                """, new
            {
                organizationIds = batch.Select(person => person.Key.OrganizationId).ToArray(),
                peers = batch.Select(person => person.Key.PeerId).ToArray(),
                now,
            }, cancellationToken));
        }
        var ids = people.Zip(conversations).ToDictionary(pair => pair.First.Key, pair => pair.Second.Id);
        await AddAsync(session, added, ids, now, cancellationToken);
        var started = people.Zip(conversations).Where(pair => pair.Second.IsNew)
            .Select(pair => (pair.Second.Id, Rows: pair.First)).ToList();
        await session.ExecuteAsync("""
            -- A conversation that had ended is history.
            update app.conversation c
            set created_at = n.began_at,
                status = case when n.is_open then c.status else 'closed' end,
                closed_at = case when n.is_open then null else n.ended_at end
            from unnest(@ids, @beganAt, @endedAt, @isOpen) as n (id, began_at, ended_at, is_open)
            where c.id = n.id
            """, new
        {
            ids = started.Select(conversation => conversation.Id).ToArray(),
            beganAt = started.Select(conversation => conversation.Rows.Min(row => row.AssignedAt)).ToArray(),
            endedAt = started.Select(conversation => conversation.Rows.Max(row => row.EndedAt)).ToArray(),
            isOpen = started.Select(conversation => conversation.Rows.Any(row => row.IsOpen)).ToArray(),
        }, cancellationToken);
        return added;
    }

    private static Task<int> AddAsync(
        PlatformSession session, List<PlannedAssignment> added, Dictionary<(Guid, string), Guid> conversations, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            -- In order, before reading whose they are.
            select from app.conversation where id = any (@conversations) order by id for no key update;

            insert into app.conversation_assignment (id, organization_id, conversation_id, user_id, assigned_at, ended_at, reason)
            select a.id, a.organization_id, a.conversation_id, a.user_id, a.assigned_at,
                case when a.ended_at is null and c.status <> 'open' then greatest(@now, a.assigned_at) else a.ended_at end,
                case when a.ended_at is null and c.status <> 'open' then 'Another agent has the conversation.' else a.reason end
            from unnest(@ids, @organizationIds, @conversations, @userIds, @assignedAt, @endedAt, @reasons)
                as a (id, organization_id, conversation_id, user_id, assigned_at, ended_at, reason)
            join app.conversation c on c.id = a.conversation_id;

            update app.conversation c
            set status = 'assigned', assigned_to = a.user_id, updated_at = @now
            from app.conversation_assignment a
            where a.id = any (@ids) and a.ended_at is null and c.id = a.conversation_id and c.status = 'open'
            """, new
        {
            ids = added.Select(assignment => assignment.Id).ToArray(),
            organizationIds = added.Select(assignment => assignment.OrganizationId).ToArray(),
            conversations = added.Select(assignment => conversations[(assignment.OrganizationId, assignment.PeerId)]).ToArray(),
            userIds = added.Select(assignment => assignment.UserId).ToArray(),
            assignedAt = added.Select(assignment => assignment.AssignedAt).ToArray(),
            endedAt = added.Select(assignment => assignment.EndedAt).ToArray(),
            reasons = added.Select(assignment => assignment.Reason).ToArray(),
            now,
        }, cancellationToken);
}

/// <summary>Rows that an upgrade adds to.</summary>
public sealed record UpgradeCounts
{
    public long Agents { get; init; }
    public long GenesysUsers { get; init; }
    public long Contacts { get; init; }
    public long Conversations { get; init; }
    public long Assignments { get; init; }
}
