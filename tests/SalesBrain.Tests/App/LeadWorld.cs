namespace SalesBrain.Tests.App;

/// <summary>Leads with what lists show of them, made straight in the database.</summary>
public static class LeadWorld
{
    /// <summary>A lead and its contact, at an agency and a client where they are given.</summary>
    public static async Task<Guid> CreateLeadAsync(
        this TestApp app, Guid organizationId, string? firstName = null, string? lastName = null, string? company = null,
        string? email = null, Guid? campaignId = null, Guid? agencyId = null, Guid? clientId = null, Guid? assignedTo = null,
        string status = "new", string priority = "medium", string? interest = null, string? practiceArea = null, string[]? tags = null,
        int score = 0, DateTime? lastActivityAt = null)
    {
        var contactId = await app.CreateContactAsync(organizationId, email);
        await app.ExecuteAsync(
            "update app.contact set first_name = @firstName, last_name = @lastName, company = @company where id = @contactId",
            new { firstName, lastName, company, contactId });
        var id = Guid.CreateVersion7();
        await app.ExecuteAsync("""
            insert into app.lead (
                id, organization_id, contact_id, campaign_id, agency_id, client_id, assigned_to, status, priority, interest, interest_at, practice_area, tags,
                score, last_activity_at)
            values (
                @id, @organizationId, @contactId, @campaignId, @agencyId, @clientId, @assignedTo, @status, @priority, @interest,
                case when @interest is not null then now() end, @practiceArea, @tags, @score, @lastActivityAt)
            """, new
        {
            id,
            organizationId,
            contactId,
            campaignId,
            agencyId,
            clientId,
            assignedTo,
            status,
            priority,
            interest,
            practiceArea,
            tags = tags ?? [],
            score,
            lastActivityAt,
        });
        return id;
    }

    /// <summary>Something that happened to a lead.</summary>
    public static async Task<Guid> CreateActivityAsync(this TestApp app, Guid leadId, DateTime occurredAt, string type = "email.opened")
    {
        var id = Guid.CreateVersion7();
        await app.ExecuteAsync("""
            insert into app.activity (id, organization_id, webhook_log_id, activity_type, contact_id, campaign_id, lead_id, occurred_at, details, created_at)
            select @id, l.organization_id, gen_random_uuid(), @type, l.contact_id, l.campaign_id, l.id, @occurredAt, '{"step": 1}', now()
            from app.lead l where l.id = @leadId
            """, new { id, leadId, occurredAt, type });
        return id;
    }
}
