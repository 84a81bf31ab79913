using Microsoft.Azure.Functions.Worker;
using Npgsql;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Crm;
using SalesBrain.Core.Values;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Changes a contact. For callers who work with contacts.</summary>
public sealed class UpdateContact(RequestPipeline pipeline, ReturningPerson returning)
{
    [Function(nameof(UpdateContact))]
    [Operation("Contacts", "Update a contact", Description =
        "Only the fields that are sent change; null clears a field. A person who has unsubscribed stays unsubscribed, unless an owner, an "
        + "admin or sb_admin sends lift_unsubscription as well. The audit log says who changed the suppression, and when.")]
    [Requires(Capability.WorkContacts)]
    [Returns(200, typeof(Contact))]
    [Problems("not_found", "already_exists", "contact_unsubscribed", "contact_merged", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/v1/contacts/{contactId:guid}")] HttpRequest request,
        Guid contactId) =>
        pipeline.RunAsync<UpdateContact, UpdateContactRequest>(request, async (call, input) =>
        {
            await using var session = await call.WriteAsync();
            if (await Contacts.LockAsync(session, contactId, call.CancellationToken) is not { } before)
            {
                return await MissingContact.ProblemAsync(call, contactId);
            }
            var now = call.Now.UtcDateTime;
            var changed = input.ApplyTo(before, now) with { UpdatedAt = now };
            if (SuppressionRules.EndsUnsubscription(before.Suppression, changed.Suppression)
                && RefuseLifting(call.Caller, input) is { } refusal)
            {
                return refusal;
            }
            if (!EntityTags.Match(call, before))
            {
                return Problems.ChangedMeanwhile;
            }
            var changes = AuditedChanges.Between(before, changed);
            if (changes.AreEmpty)
            {
                // No new version: copies that callers hold stay current.
                return EntityTags.ShowChanged(call, before);
            }
            var emailNorm = changed.Email is null ? null : Emails.Normalize(changed.Email);
            var entry = call.AuditEntry("contact.updated", "contact", before.Id, before.OrganizationId, changes);
            try
            {
                if (await Contacts.UpdateAsync(session, changed, emailNorm, entry, call.CancellationToken) is not { } after)
                {
                    // Its last lead in the caller's scope has just gone.
                    return Problems.NotFound;
                }
                if (emailNorm is not null && changed.Email != before.Email
                    && await returning.SuppressAsync(session, after.OrganizationId, after.Id, emailNorm, call.CancellationToken) is { } kept)
                {
                    after = after with { Suppression = kept.Suppression, SuppressedAt = kept.SuppressedAt, Version = kept.Version };
                    await call.AuditAsync(
                        session, "contact.updated", "contact", after.Id, after.OrganizationId,
                        new { before = new { suppression = changed.Suppression }, after = new { suppression = kept.Suppression } });
                }
                await session.CommitAsync();
                return EntityTags.ShowChanged(call, after);
            }
            catch (PostgresException e) when (ContactConflict.Is(e))
            {
                return await ContactConflict.FindAsync(call.Read(), before.OrganizationId, emailNorm!, call.CancellationToken);
            }
        });

    /// <summary>Why the caller may not end the unsubscription; null if they may.</summary>
    private static Problem? RefuseLifting(Caller caller, UpdateContactRequest input) =>
        !input.LiftUnsubscription ? Problems.ContactUnsubscribed
        : caller.Role.Level() > RoleLevel.Organization ? Problems.Forbidden.Because("Your role cannot lift a person's own unsubscription.")
        : null;
}

public sealed record UpdateContactRequest : ContactFields
{
    /// <summary>
    /// Whether suppression may end the person's own unsubscription. Send true only if the person has agreed to receive messages again. Only
    /// owners, admins and sb_admin.
    /// </summary>
    public bool LiftUnsubscription { get; init; }
}
