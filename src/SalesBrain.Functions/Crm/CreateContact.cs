using Microsoft.Azure.Functions.Worker;
using Npgsql;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Values;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Creates a contact. For callers who work with contacts.</summary>
public sealed class CreateContact(RequestPipeline pipeline, ReturningPerson returning)
{
    [Function(nameof(CreateContact))]
    [Operation("Contacts", "Create a contact", Description =
        "One contact of an organization has an e-mail address: if another one has it, the error names it in existing_id, if the caller can "
        + "see it. People of an agency or a client see a contact as soon as it has a lead of theirs. A person whose data was erased "
        + "is suppressed as before.")]
    [Requires(Capability.CreateContacts)]
    [Returns(201, typeof(Contact))]
    [Problems("already_exists")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/contacts")] HttpRequest request) =>
        pipeline.RunAsync<CreateContact, CreateContactRequest>(request, async (call, input) =>
        {
            var errors = new InputErrors();
            var organizationId = call.Caller.OrganizationFor(input.OrganizationId, errors);
            if (errors.Any)
            {
                return Problems.InvalidInput(errors);
            }
            // As exact as the database keeps it: the caller may not be able to read it again.
            var now = call.Now.UtcDateTime.AddTicks(-(call.Now.Ticks % TimeSpan.TicksPerMicrosecond));
            var contact = input.ApplyTo(new Contact
            {
                Id = Guid.CreateVersion7(call.Now),
                OrganizationId = organizationId,
                CustomFields = ContactFields.NoCustomFields,
                Version = 1,
                CreatedAt = now,
                UpdatedAt = now,
            }, now);
            var emailNorm = Emails.Clean(contact.Email)?.Norm;
            await using var session = await call.WriteAsync();
            try
            {
                if (!await Contacts.AddAsync(session, contact, emailNorm, call.CancellationToken))
                {
                    return await ContactConflict.FindAsync(session, organizationId, emailNorm!, call.CancellationToken);
                }
            }
            catch (PostgresException e) when (ContactConflict.Is(e))
            {
                return await ContactConflict.FindAsync(call.Read(), organizationId, emailNorm!, call.CancellationToken);
            }
            if (emailNorm is not null
                && await returning.SuppressAsync(session, organizationId, contact.Id, emailNorm, call.CancellationToken) is { } kept)
            {
                contact = contact with { Suppression = kept.Suppression, SuppressedAt = kept.SuppressedAt, Version = kept.Version };
            }
            await call.AuditAsync(session, "contact.created", "contact", contact.Id, organizationId, AuditedChanges.Created(contact));
            await session.CommitAsync();
            return EntityTags.ShowCreated(call, $"/api/v1/contacts/{contact.Id}", contact);
        });
}

public sealed record CreateContactRequest : ContactFields
{
    /// <summary>The organization of the contact. Required only for platform operators.</summary>
    public Guid? OrganizationId { get; init; }
}
