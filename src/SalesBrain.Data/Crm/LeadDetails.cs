using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SalesBrain.Core.Access;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Crm;

/// <summary>One lead with everything around it.</summary>
public sealed record LeadDetails
{
    /// <summary>The lead as lists show it.</summary>
    public required Lead Lead { get; init; }
    public required LeadData Data { get; init; }

    /// <summary>Null if the caller cannot see the contact.</summary>
    public LeadContact? Contact { get; init; }
    public LeadCampaign? Campaign { get; init; }
    public LeadAssignee? Assignee { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<LeadActivity> Activities { get; init; }

    /// <summary>
    /// One lead with its newest activities, or with the activities after a cursor. Null if the session cannot see a lead with the id. One
    /// round trip.
    /// </summary>
    public static Task<LeadDetails?> FindAsync(
        DatabaseSession session, Guid leadId, int activities, LeadActivityPosition? after, CancellationToken cancellationToken)
    {
        const string Reached = """
            l.id = @leadId and l.deleted_at is null and (@org::uuid is null or l.organization_id = @org) and (@agency::uuid is null or l.agency_id = @agency)
            and (@client::uuid is null or l.client_id = @client)
            """;
        var scope = SessionScope.Of(session);
        return session.QueryMultipleAsync($"""
            select {Leads.Columns}
            from app.lead l
            {Leads.Joins}
            where {Reached};

            select l.qualification_data, l.source_data, l.company_data, l.custom_fields, l.interest_at
            from app.lead l
            where {Reached};

            select k.id, k.email, k.first_name, k.last_name, k.company, k.title, k.phone, k.website, k.linkedin_url, k.city, k.region, k.country,
                app.contact_lead_score(k.organization_id, k.id) as lead_score, k.suppression, k.suppressed_at, k.custom_fields, k.tags
            from app.lead l
            join app.contact k on k.organization_id = l.organization_id and k.id = l.contact_id
            where {Reached};

            select g.id, g.name, g.status, g.source
            from app.lead l
            join app.campaign g on g.organization_id = l.organization_id and g.id = l.campaign_id
            where {Reached};

            select u.id, u.email, u.first_name, u.last_name, u.role, u.status
            from app.lead l
            join app.user u on u.organization_id = l.organization_id and u.id = l.assigned_to
            where {Reached};

            select a.id, a.activity_type as type, a.occurred_at, a.details
            from app.activity a
            where a.organization_id = (select l.organization_id from app.lead l where {Reached}) and a.lead_id = @leadId
                and (@afterId::uuid is null or (a.occurred_at <= @afterAt and (a.occurred_at, a.id) < (@afterAt, @afterId)))
            order by a.occurred_at desc, a.id desc
            limit @activities
            """,
            new
            {
                leadId,
                org = scope.OrganizationId,
                agency = scope.AgencyId,
                client = scope.ClientId,
                activities,
                afterAt = after?.OccurredAt,
                afterId = after?.Id,
            },
            async (results, token) =>
            {
                var lead = (await results.ReadAsync<Lead>(token)).SingleOrDefault();
                var data = (await results.ReadAsync<LeadData>(token)).SingleOrDefault();
                var contact = (await results.ReadAsync<LeadContact>(token)).SingleOrDefault();
                var campaign = (await results.ReadAsync<LeadCampaign>(token)).SingleOrDefault();
                var assignee = (await results.ReadAsync<LeadAssignee>(token)).SingleOrDefault();
                var rows = await results.ReadAsync<LeadActivity>(token);
                return lead is null || data is null ? null : new LeadDetails
                {
                    Lead = lead,
                    Data = data,
                    Contact = contact,
                    Campaign = campaign,
                    Assignee = assignee,
                    Activities = rows,
                };
            },
            cancellationToken);
    }
}

/// <summary>Further data of a lead.</summary>
public sealed record LeadData
{
    public JsonElement? QualificationData { get; init; }
    public JsonElement SourceData { get; init; }
    public JsonElement CompanyData { get; init; }
    public JsonElement CustomFields { get; init; }
    public DateTime? InterestAt { get; init; }
}

/// <summary>The contact of a lead.</summary>
public sealed record LeadContact
{
    public Guid Id { get; init; }
    public string? Email { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Company { get; init; }
    public string? Title { get; init; }
    public string? Phone { get; init; }
    public string? Website { get; init; }
    public string? LinkedinUrl { get; init; }
    public string? City { get; init; }
    public string? Region { get; init; }
    public string? Country { get; init; }

    /// <summary>0 to 100, the highest score of the contact's leads.</summary>
    public int LeadScore { get; init; }

    /// <summary>
    /// <c>none</c>, <c>bounced</c>, <c>unsubscribed</c> or <c>manual</c>. Contacts with a value other than <c>none</c> must not receive
    /// messages.
    /// </summary>
    [AllowedValues("none", "bounced", "unsubscribed", "manual")]
    public string Suppression { get; init; } = "";
    public DateTime? SuppressedAt { get; init; }
    public JsonElement CustomFields { get; init; }
    public string[] Tags { get; init; } = [];
}

/// <summary>The campaign a lead is in.</summary>
public sealed record LeadCampaign
{
    public Guid Id { get; init; }
    public string Name { get; init; } = "";

    [AllowedValues("draft", "active", "paused", "completed", "archived")]
    public string Status { get; init; } = "";
    public string Source { get; init; } = "";
}

/// <summary>The user a lead is assigned to.</summary>
public sealed record LeadAssignee
{
    public Guid Id { get; init; }
    public string Email { get; init; } = "";
    public string? FirstName { get; init; }
    public string? LastName { get; init; }

    [CanonicalRole]
    public string Role { get; init; } = "";

    [AllowedValues("active", "invited", "disabled")]
    public string Status { get; init; } = "";
}

/// <summary>An activity of a lead.</summary>
public sealed record LeadActivity
{
    public Guid Id { get; init; }

    /// <summary>The event type, such as <c>email.replied</c>.</summary>
    public string Type { get; init; } = "";
    public DateTime OccurredAt { get; init; }
    public JsonElement Details { get; init; }
}

/// <summary>An activity's place in a timeline that begins with the newest.</summary>
public readonly record struct LeadActivityPosition(DateTime OccurredAt, Guid Id);
