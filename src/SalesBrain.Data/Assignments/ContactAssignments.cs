using System.Text.Json;
using SalesBrain.Core.Assignments;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Assignments;

/// <summary>
/// Who owns which contact. Writers lock in the order of app.assign_contacts: contacts by id, then their assignments by id; so they queue
/// instead of deadlocking.
/// </summary>
public static class ContactAssignments
{
    /// <summary>All assignments of a contact, active ones first, then the newest. Empty if the contact does not exist.</summary>
    public static Task<List<ContactOwnerRow>> ListOfContactAsync(
        DatabaseSession session, Guid contactId, int limit, CancellationToken cancellationToken) =>
        session.QueryAsync<ContactOwnerRow>("""
            select a.id as assignment_id, a.user_id, u.email as user_email, u.first_name as user_first_name, u.last_name as user_last_name, a.status,
                a.assignment_type, a.is_primary_owner, a.ownership_percentage, a.last_contacted_at, a.next_followup_at, a.interactions_count,
                a.assigned_by, a.assigned_at, a.updated_at, a.reason
            from app.user_contact_assignment a
            join app.user u on u.organization_id = a.organization_id and u.id = a.user_id
            where a.contact_id = @contactId and (@org::uuid is null or a.organization_id = @org)
            order by (a.status = 'active') desc, a.is_primary_owner desc, a.assigned_at desc, a.id desc
            limit @limit
            """, new { contactId, org = session.OrganizationId, limit }, cancellationToken);

    /// <summary>Whether there is such a contact.</summary>
    public static Task<bool> ContactExistsAsync(DatabaseSession session, Guid contactId, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<bool>("""
            select exists (select from app.contact k where k.id = @contactId and (@org::uuid is null or k.organization_id = @org))
            """, new { contactId, org = session.OrganizationId }, cancellationToken);

    /// <summary>
    /// Locks the existing contacts, their active assignments and those of the user, until the transaction ends. Returns the active ones. An
    /// ended assignment of the user is reused by <see cref="AssignAsync"/>. Locking it only there, in the order of the request, could
    /// deadlock with a webhook that read it before it ended (app.count_interactions).
    /// </summary>
    public static Task<LockedContacts> LockAsync(
        DatabaseSession session, Guid organizationId, Guid userId, IReadOnlyCollection<Guid> contactIds, CancellationToken cancellationToken) =>
        session.QueryMultipleAsync("""
            select k.id from app.contact k
            where k.organization_id = @organizationId and k.id = any (@contactIds)
            order by k.id
            for no key update;

            with locked as (
                select a.id, a.contact_id, a.user_id, a.is_primary_owner, a.ownership_percentage, a.status
                from app.user_contact_assignment a
                where a.organization_id = @organizationId and a.contact_id = any (@contactIds)
                    and (a.status = 'active' or a.user_id = @userId)
                order by a.id
                for no key update
            )
            select l.id, l.contact_id, l.user_id, l.is_primary_owner, l.ownership_percentage from locked l where l.status = 'active'
            """, new { organizationId, userId, contactIds = contactIds.ToArray() },
            async (results, token) => new LockedContacts(
                (await results.ReadAsync<Guid>(token)).ToHashSet(),
                (await results.ReadAsync<HeldContact>(token)).ToLookup(held => held.ContactId)),
            cancellationToken);

    /// <summary>Ends locked assignments, because the contacts are transferred.</summary>
    public static Task TransferAsync(
        DatabaseSession session, Guid organizationId, IReadOnlyCollection<Guid> assignmentIds, DateTime now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            update app.user_contact_assignment a set status = 'transferred', updated_at = @now
            where a.organization_id = @organizationId and a.id = any (@assignmentIds)
            """, new { organizationId, assignmentIds = assignmentIds.ToArray(), now }, cancellationToken);

    /// <summary>
    /// Makes the user the primary owner of locked contacts and removes them from the queue. An existing assignment is reused; of an active
    /// one only the requested differences change. Returns the number of inserted or changed rows.
    /// </summary>
    public static Task<int> AssignAsync(DatabaseSession session, NewContactAssignments assignments, CancellationToken cancellationToken) =>
        session.QueryMultipleAsync("""
            with written as (
                insert into app.user_contact_assignment as a (
                    id, organization_id, user_id, contact_id, assignment_type, is_primary_owner, ownership_percentage, status, next_followup_at,
                    assigned_by, assigned_at, created_at, updated_at)
                select n.id, @OrganizationId, @UserId, n.contact_id, @AssignmentType, true, n.percentage, 'active', @NextFollowupAt,
                    @AssignedBy, @now, @now, @now
                from unnest(@ids, @contactIds, @percentages) as n (id, contact_id, percentage)
                on conflict (organization_id, user_id, contact_id) do update set
                    assignment_type = excluded.assignment_type,
                    is_primary_owner = true,
                    ownership_percentage = excluded.ownership_percentage,
                    status = 'active',
                    next_followup_at = case when @HasFollowup then excluded.next_followup_at else a.next_followup_at end,
                    reason = case when a.status = 'active' and a.assignment_type = excluded.assignment_type then a.reason end,
                    assigned_by = case when a.status = 'active' then a.assigned_by else excluded.assigned_by end,
                    assigned_at = case when a.status = 'active' then a.assigned_at else excluded.assigned_at end,
                    updated_at = excluded.updated_at
                where (a.status, a.assignment_type, a.is_primary_owner, a.ownership_percentage)
                        is distinct from ('active', excluded.assignment_type, true, excluded.ownership_percentage)
                    or (@HasFollowup and a.next_followup_at is distinct from excluded.next_followup_at)
                returning 1
            )
            select count(*)::integer from written;

            with locked as (
                -- As whoever replaces the rules.
                select q.contact_id
                from app.assignment_queue q
                where q.organization_id = @OrganizationId and q.contact_id = any (@contactIds)
                order by q.contact_id
                for update
            )
            delete from app.assignment_queue q using locked l where q.organization_id = @OrganizationId and q.contact_id = l.contact_id
            """,
            new
            {
                assignments.OrganizationId,
                assignments.UserId,
                assignments.AssignmentType,
                assignments.NextFollowupAt,
                assignments.HasFollowup,
                assignments.AssignedBy,
                now = assignments.Now.UtcDateTime,
                ids = assignments.Contacts.Select(_ => Guid.CreateVersion7(assignments.Now)).ToArray(),
                contactIds = assignments.Contacts.Select(contact => contact.ContactId).ToArray(),
                percentages = assignments.Contacts.Select(contact => (short)contact.Percentage).ToArray(),
            },
            async (results, token) => (await results.ReadAsync<int>(token)).Single(), cancellationToken);

    /// <summary>
    /// Ends the assignment of a contact to a user. Returns the assignment's id and organization; null if there is no active assignment.
    /// </summary>
    public static Task<EndedAssignment?> EndAsync(
        DatabaseSession session, Guid userId, Guid contactId, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<EndedAssignment>("""
            update app.user_contact_assignment a set status = 'inactive', updated_at = @now
            where a.user_id = @userId and a.contact_id = @contactId and (@org::uuid is null or a.organization_id = @org) and a.status = 'active'
            returning a.id, a.organization_id
            """, new { userId, contactId, now, org = session.OrganizationId }, cancellationToken);
}

/// <summary>Contacts that one user is to own; each with the share of it that is left for them.</summary>
public sealed record NewContactAssignments
{
    public required Guid OrganizationId { get; init; }
    public required Guid UserId { get; init; }
    public required IReadOnlyCollection<(Guid ContactId, int Percentage)> Contacts { get; init; }
    public required string AssignmentType { get; init; }

    /// <summary>Whether <see cref="NextFollowupAt"/> is to be set, or to stay as it is.</summary>
    public required bool HasFollowup { get; init; }
    public required DateTime? NextFollowupAt { get; init; }
    public required Guid AssignedBy { get; init; }
    public required DateTimeOffset Now { get; init; }
}

/// <summary>An assignment that was just ended.</summary>
public sealed record EndedAssignment
{
    public Guid Id { get; init; }
    public Guid OrganizationId { get; init; }
}

/// <summary>A contact that a user owns.</summary>
public sealed record ContactAssignmentRow : INewestFirstRow
{
    public Guid AssignmentId { get; init; }
    public Guid ContactId { get; init; }

    /// <summary>Null if the contact has no address or the caller cannot see the contact.</summary>
    public string? ContactEmail { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Company { get; init; }
    public int? LeadScore { get; init; }
    public string AssignmentType { get; init; } = "";
    public bool IsPrimaryOwner { get; init; }
    public int OwnershipPercentage { get; init; }
    public DateTime? LastContactedAt { get; init; }
    public DateTime? NextFollowupAt { get; init; }
    public int InteractionsCount { get; init; }
    public Guid? AssignedBy { get; init; }
    public DateTime AssignedAt { get; init; }
    public JsonElement? Reason { get; init; }

    Guid INewestFirstRow.Id => AssignmentId;

    DateTime INewestFirstRow.CreatedAt => AssignedAt;
}

/// <summary>A user who owns a contact, or did.</summary>
public sealed record ContactOwnerRow
{
    public Guid AssignmentId { get; init; }
    public Guid UserId { get; init; }
    public string UserEmail { get; init; } = "";
    public string? UserFirstName { get; init; }
    public string? UserLastName { get; init; }
    public string Status { get; init; } = "";
    public string AssignmentType { get; init; } = "";
    public bool IsPrimaryOwner { get; init; }
    public int OwnershipPercentage { get; init; }
    public DateTime? LastContactedAt { get; init; }
    public DateTime? NextFollowupAt { get; init; }
    public int InteractionsCount { get; init; }
    public Guid? AssignedBy { get; init; }
    public DateTime AssignedAt { get; init; }
    public DateTime UpdatedAt { get; init; }
    public JsonElement? Reason { get; init; }
}
