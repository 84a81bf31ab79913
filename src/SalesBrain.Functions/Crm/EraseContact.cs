using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Crm;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Security;

namespace SalesBrain.Functions.Crm;

/// <summary>Erases a person's data everywhere it is kept. For callers who run the organization.</summary>
public sealed class EraseContact(RequestPipeline pipeline, AddressHashKeys hashKeys)
{
    /// <summary>Webhooks may change the contact between reading and erasing it.</summary>
    private const int MostAttempts = 5;

    [Function(nameof(EraseContact))]
    [Operation("Contacts", "Erase a contact", TimeLimitSeconds = 600, Description =
        "Deletes the contact, its leads with their activities and its conversations with their messages, and erases what payloads and logs "
        + "of webhooks, rejections, notifications and the audit log say of the person. A keyed hash of the address stays, by which the "
        + "person stays suppressed if they come back. The audit log keeps how much was erased, without personal "
        + "data. This cannot be undone.")]
    [Requires(Capability.EraseContacts)]
    [Returns(200, typeof(ErasedContact))]
    [Problems("not_found", "conflict", "contact_merged", "changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/contacts/{contactId:guid}")] HttpRequest request,
        Guid contactId) =>
        pipeline.RunAsync<EraseContact>(request, async call =>
        {
            var mentions = 0L;
            for (var attempt = 0; attempt < MostAttempts; attempt++)
            {
                if (await Contacts.FindAsync(call.Read(), contactId, call.CancellationToken) is not { } contact)
                {
                    return await MissingContact.ProblemAsync(call, contactId);
                }
                if (!EntityTags.Match(call, contact))
                {
                    return Problems.ChangedMeanwhile;
                }
                var addresses = await ErasedContacts.GetAddressesAsync(call.Read(), contact, call.CancellationToken);
                string[] spellings = [.. addresses.SelectMany(AddressSpellings.Of)];
                foreach (var kind in attempt == 0 && spellings.Length > 0 ? ErasedContacts.MentionKinds : [])
                {
                    // Reads many rows, so before anything is locked. If the rest fails, the contact is still there, and can be erased
                    // again.
                    mentions += await ErasedContacts.EraseMentionsAsync(
                        call.AutoCommit(), kind, contact.OrganizationId, spellings, null, call.CancellationToken);
                }
                if (await EraseAsync(call, contact, addresses, spellings, mentions) is { } erased)
                {
                    return ApiResults.Ok(erased);
                }
            }
            return Problems.Conflict.Because("The contact keeps changing. Try again.");
        });

    private async Task<ErasedContact?> EraseAsync(Call call, Contact contact, List<string> addresses, string[] spellings, long mentions)
    {
        var hashes = await hashKeys.GetAsync(call.CancellationToken);
        byte[][] kept = [.. addresses.Select(address => hashes.Create(contact.OrganizationId, address))];
        await using var session = await call.WriteAsync();
        var rows = await ErasedContacts.EraseAsync(session, contact, addresses, kept, call.Now.UtcDateTime, call.CancellationToken);
        if (rows is null)
        {
            return null;
        }
        foreach (var kind in spellings.Length > 0 ? ErasedContacts.MentionKinds : [])
        {
            // What has come since the first look.
            mentions += await ErasedContacts.EraseMentionsAsync(
                session, kind, contact.OrganizationId, spellings, call.Now.UtcDateTime.AddMinutes(-1), call.CancellationToken);
        }
        var erased = new ErasedContact
        {
            Id = contact.Id,
            Leads = rows.Leads,
            Activities = rows.Activities,
            Conversations = rows.Conversations,
            WebhookLogs = rows.WebhookLogs,
            Notifications = rows.Notifications,
            AuditEntries = rows.AuditEntries,
            Mentions = mentions,
        };
        await call.AuditAsync(session, "contact.erased", "contact", contact.Id, contact.OrganizationId, new
        {
            leads = erased.Leads,
            activities = erased.Activities,
            conversations = erased.Conversations,
            webhook_logs = erased.WebhookLogs,
            notifications = erased.Notifications,
            audit_entries = erased.AuditEntries,
            mentions = erased.Mentions,
        });
        await session.CommitAsync();
        return erased;
    }
}

/// <summary>How much of a person was erased.</summary>
public sealed record ErasedContact
{
    public required Guid Id { get; init; }

    /// <summary>Deleted leads.</summary>
    public required int Leads { get; init; }

    /// <summary>Deleted activities.</summary>
    public required int Activities { get; init; }

    /// <summary>Conversations that were deleted with their messages.</summary>
    public required int Conversations { get; init; }

    /// <summary>Webhook logs whose address and payload were erased.</summary>
    public required int WebhookLogs { get; init; }

    /// <summary>Notifications whose text was erased.</summary>
    public required int Notifications { get; init; }

    /// <summary>Audit entries whose details were erased.</summary>
    public required int AuditEntries { get; init; }

    /// <summary>Further rejections, payloads, notifications and audit entries that named an address of the person.</summary>
    public required long Mentions { get; init; }
}
