using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Values;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Crm;

/// <summary>Creates a lead of a contact, which is created too if need be. For roles that create leads, in their scope.</summary>
public sealed class CreateLead(RequestPipeline pipeline, ReturningPerson returning)
{
    internal const string About =
        "The contact is named by contact_id, or by email and what else is known: it is found by its address or created, and gaps in what "
        + "is known about it are filled. A contact has one lead in a campaign, and without a campaign one for a client; if there is one, "
        + "the error has its id. The lead belongs to the agency and client of its campaign or client, or else to the caller's own.";

    [Function(nameof(CreateLead))]
    [Operation("Leads", "Create a lead", Description = About)]
    [Requires(Capability.CreateLeads)]
    [Returns(201, typeof(LeadDetail))]
    [Problems("lead_exists", "assignee_disabled", "assignee_unsuitable")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/leads")] HttpRequest request) =>
        pipeline.RunAsync<CreateLead, CreateLeadRequest>(request, (call, input) => AddAsync(call, input, returning));

    internal static async Task<IResult> AddAsync(Call call, CreateLeadRequest input, ReturningPerson returning)
    {
        var errors = new InputErrors();
        call.Caller.CheckOrganization(input.OrganizationId, errors);
        input.CheckContact(errors);
        if (errors.Any)
        {
            return Problems.InvalidInput(errors);
        }
        await using var session = await call.WriteAsync();
        // People of a client create leads of that client.
        var place = await LeadPlaces.FindAsync(
            session, input.CampaignId.Value, input.ClientId.Value ?? call.Caller.ClientId, input.ContactId, call.CancellationToken);
        if (OrganizationOf(call.Caller, input, place) is not { } organizationId)
        {
            return Problems.InvalidMember("organization_id", "is required, because nothing else determines the organization");
        }
        var now = call.Now.UtcDateTime;
        var draft = new LeadRow
        {
            Id = Guid.CreateVersion7(call.Now),
            OrganizationId = organizationId,
            AgencyId = call.Caller.AgencyId ?? (call.Caller.ClientId is null ? null : place.Client?.AgencyId),
            ClientId = call.Caller.ClientId,
            Source = "manual",
            SourceData = LeadFields.NoData,
            CompanyData = LeadFields.NoData,
            CustomFields = LeadFields.NoData,
            AssignedTo = input.AssignedTo.Value,
            CreatedBy = call.Caller.UserId,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var lead = input.ApplyTo(LeadPlacement.Apply(input, draft, place, errors), now, errors);
        if (input.ContactId is not null && place.Contact?.OrganizationId != organizationId)
        {
            errors.Add("contact_id", "must be the id of an existing contact");
        }
        if (errors.Any)
        {
            return Problems.InvalidInput(errors);
        }
        if (await LeadAssignment.CheckAsync(session, null, lead, call.CancellationToken) is { } refusal)
        {
            return refusal;
        }
        return await SaveAsync(call, session, returning, input, lead);
    }

    private static async Task<IResult> SaveAsync(
        Call call, DatabaseSession session, ReturningPerson returning, CreateLeadRequest input, LeadRow draft)
    {
        var contact = input.ContactId is { } contactId
            ? new FoundContact { Id = contactId, Outcome = "found" }
            : await FindOrAddAsync(call, session, returning, input.ToContact(draft, Guid.CreateVersion7(call.Now)), draft.CreatedAt);
        var lead = draft with { ContactId = contact.Id };
        if (!await LeadChanges.AddAsync(session, lead, call.CancellationToken))
        {
            return Problems.LeadExists with { ExistingId = await LeadChanges.FindLiveAsync(session, lead, call.CancellationToken) };
        }
        if (contact.Outcome != "found")
        {
            // Without what is known about the contact.
            await call.AuditAsync(
                session, contact.Outcome == "added" ? "contact.created" : "contact.updated", "contact", contact.Id, lead.OrganizationId,
                new { lead_id = lead.Id });
        }
        await call.AuditAsync(session, "lead.created", "lead", lead.Id, lead.OrganizationId, AuditedChanges.Created(lead));
        if (lead.AssignedTo is { } assignee)
        {
            await LeadChanges.NotifyAssigneeAsync(
                session, [lead], assignee, call.Caller.UserId, null, lead.CreatedAt, call.CancellationToken);
        }
        var added = await ChangeableLead.ShowAsync(call, session, lead.Id);
        await session.CommitAsync();
        return EntityTags.ShowCreated(call, $"/api/v1/leads/{lead.Id}", added);
    }

    /// <summary>A person whose data was erased is suppressed as before.</summary>
    private static async Task<FoundContact> FindOrAddAsync(
        Call call, DatabaseSession session, ReturningPerson returning, NewContact contact, DateTime now)
    {
        var found = await LeadContacts.FindOrAddAsync(session, contact, now, call.CancellationToken);
        if (found.Outcome == "added")
        {
            await returning.SuppressAsync(session, contact.OrganizationId, found.Id, contact.EmailNorm, call.CancellationToken);
        }
        return found;
    }

    /// <summary>
    /// The caller's organization; for platform operators the one that they name, or that the campaign, client or contact belongs to.
    /// </summary>
    private static Guid? OrganizationOf(Caller caller, CreateLeadRequest input, LeadPlace place) =>
        caller.OrganizationId ?? input.OrganizationId ?? place.Campaign?.OrganizationId ?? place.Client?.OrganizationId
            ?? place.Contact?.OrganizationId;
}

/// <summary>The same as <see cref="CreateLead"/>, at the path that the campaign front end calls.</summary>
public sealed class CreateLeadAlias(RequestPipeline pipeline, ReturningPerson returning)
{
    [Function(nameof(CreateLeadAlias))]
    [Operation("Leads", "Create a lead (alias)", Description = "The same as POST /api/v1/leads. " + CreateLead.About)]
    [Requires(Capability.CreateLeads)]
    [Returns(201, typeof(LeadDetail))]
    [Problems("lead_exists", "assignee_disabled", "assignee_unsuitable")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/leads/create")] HttpRequest request) =>
        pipeline.RunAsync<CreateLeadAlias, CreateLeadRequest>(request, (call, input) => CreateLead.AddAsync(call, input, returning));
}

public sealed record CreateLeadRequest : LeadFields
{
    /// <summary>The organization. Required only for platform operators, if campaign, client or contact do not determine it.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>An existing contact. Cannot be combined with the fields of a contact.</summary>
    public Guid? ContactId { get; init; }

    /// <summary>The contact's e-mail address. Required without contact_id.</summary>
    [StringLength(Emails.MaxLength)]
    [MailAddress]
    public string? Email { get; init; }

    [StringLength(100)]
    [NameText]
    public string? FirstName { get; init; }

    [StringLength(100)]
    [NameText]
    public string? LastName { get; init; }

    [StringLength(200)]
    [NameText]
    public string? Company { get; init; }

    [StringLength(200)]
    public string? Title { get; init; }

    [StringLength(100)]
    public string? Phone { get; init; }

    [StringLength(2000)]
    [WebAddress]
    public string? LinkedinUrl { get; init; }

    [StringLength(100)]
    public string? City { get; init; }

    /// <summary>State or province.</summary>
    [StringLength(100)]
    public string? Region { get; init; }

    [StringLength(100)]
    public string? Country { get; init; }

    /// <summary>Adds to the errors how the contact is named wrongly.</summary>
    internal void CheckContact(InputErrors errors)
    {
        if (ContactId is null && Email is null)
        {
            errors.Add("email", "is required without contact_id");
        }
        if (ContactId is null)
        {
            return;
        }
        foreach (var (name, value) in new (string, string?)[]
        {
            ("email", Email), ("first_name", FirstName), ("last_name", LastName), ("company", Company), ("title", Title), ("phone", Phone),
            ("linkedin_url", LinkedinUrl), ("city", City), ("region", Region), ("country", Country),
        })
        {
            if (value is not null)
            {
                errors.Add(name, "cannot be combined with contact_id");
            }
        }
    }

    internal NewContact ToContact(LeadRow lead, Guid contactId)
    {
        var email = Emails.Clean(Email!)!;
        return new()
        {
            Id = contactId,
            OrganizationId = lead.OrganizationId,
            Email = email.Address,
            EmailNorm = email.Norm,
            FirstName = TrimmedText.Of(FirstName),
            LastName = TrimmedText.Of(LastName),
            Company = TrimmedText.Of(Company),
            Title = TrimmedText.Of(Title),
            Phone = TrimmedText.Of(Phone),
            LinkedinUrl = TrimmedText.Of(LinkedinUrl),
            City = TrimmedText.Of(City),
            Region = TrimmedText.Of(Region),
            Country = TrimmedText.Of(Country),
        };
    }
}
