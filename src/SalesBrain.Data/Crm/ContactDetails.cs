using System.Text.Json;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Crm;

/// <summary>One contact with everything around it that the session can see.</summary>
public sealed record ContactDetails
{
    public required Contact Contact { get; init; }

    /// <summary>Live leads, newest first.</summary>
    public required IReadOnlyList<Lead> Leads { get; init; }

    /// <summary>The primary owner; null if there is none or the session cannot see the assignment or the user.</summary>
    public LeadAssignee? Owner { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<ContactActivity> Activities { get; init; }

    /// <summary>
    /// One contact with its newest activities, or with the activities after a cursor. Null if the session cannot see a contact with the id.
    /// One round trip.
    /// </summary>
    public static Task<ContactDetails?> FindAsync(
        DatabaseSession session, Guid contactId, int leads, int activities, LeadActivityPosition? after, CancellationToken cancellationToken)
    {
        var scope = SessionScope.Of(session);
        return session.QueryMultipleAsync($"""
            {Contacts.FindStatement()};

            select {Crm.Leads.Columns}
            from app.lead l
            {Crm.Leads.Joins}
            where l.organization_id = (select k.organization_id from app.contact k where {Contacts.Reached}) and l.contact_id = @contactId
                and l.deleted_at is null and (@agency::uuid is null or l.agency_id = @agency) and (@client::uuid is null or l.client_id = @client)
            order by l.created_at desc, l.id desc
            limit @leads;

            select u.id, u.email, u.first_name, u.last_name, u.role, u.status
            from app.contact k
            join app.user_contact_assignment a
                on a.organization_id = k.organization_id and a.contact_id = k.id and a.status = 'active' and a.is_primary_owner
            join app.user u on u.organization_id = a.organization_id and u.id = a.user_id
            where {Contacts.Reached};

            select a.id, a.activity_type as type, a.occurred_at, a.lead_id, a.campaign_id, a.details
            from app.activity a
            where a.organization_id = (select k.organization_id from app.contact k where {Contacts.Reached}) and a.contact_id = @contactId
                and ((@agency::uuid is null and @client::uuid is null) or exists (
                    select from app.lead l
                    where l.organization_id = a.organization_id and l.id = a.lead_id
                        and (@agency::uuid is null or l.agency_id = @agency) and (@client::uuid is null or l.client_id = @client)))
                and (@afterId::uuid is null or (a.occurred_at <= @afterAt and (a.occurred_at, a.id) < (@afterAt, @afterId)))
            order by a.occurred_at desc, a.id desc
            limit @activities
            """,
            new
            {
                contactId,
                org = scope.OrganizationId,
                agency = scope.AgencyId,
                client = scope.ClientId,
                leads,
                activities,
                afterAt = after?.OccurredAt,
                afterId = after?.Id,
            },
            async (results, token) =>
            {
                var contact = (await results.ReadAsync<Contact>(token)).SingleOrDefault();
                var own = await results.ReadAsync<Lead>(token);
                var owner = (await results.ReadAsync<LeadAssignee>(token)).SingleOrDefault();
                var rows = await results.ReadAsync<ContactActivity>(token);
                return contact is null ? null : new ContactDetails { Contact = contact, Leads = own, Owner = owner, Activities = rows };
            },
            cancellationToken);
    }
}

/// <summary>An activity of a contact.</summary>
public sealed record ContactActivity
{
    public Guid Id { get; init; }

    /// <summary>The event type, such as <c>email.replied</c>.</summary>
    public string Type { get; init; } = "";
    public DateTime OccurredAt { get; init; }
    public Guid? LeadId { get; init; }
    public Guid? CampaignId { get; init; }
    public JsonElement Details { get; init; }
}
