using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Crm;

/// <summary>Erases people, and recognizes those who come back.</summary>
public static class ErasedContacts
{
    /// <summary>Where a mention of an address is looked for without an id; see <c>app.erase_mentions</c>.</summary>
    public static readonly IReadOnlyList<string> MentionKinds = ["webhook_rejection", "webhook_payload", "notification", "audit_log"];

    /// <summary>
    /// Suppresses a contact that was just given an address, as the person with it was when their data was erased. Null if that changed
    /// nothing. <paramref name="hashes"/> are those of the address, one of each key. Call it after the address is written, in the same
    /// transaction. For sessions that can create contacts.
    /// </summary>
    public static Task<KeptSuppression?> SuppressAsync(
        DatabaseSession session, Guid organizationId, Guid contactId, IReadOnlyList<byte[]> hashes, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<KeptSuppression>("""
            select s.suppression, s.suppressed_at, s.version from app.suppress_returning_person(@organizationId, @contactId, @hashes) s
            """, new { organizationId, contactId, hashes = hashes.ToArray() }, cancellationToken);

    /// <summary>All addresses of a contact, as look-ups compare them: its own, and those of contacts that were merged into it.</summary>
    public static Task<List<string>> GetAddressesAsync(DatabaseSession session, Contact contact, CancellationToken cancellationToken) =>
        session.QueryAsync<string>("""
            select k.email_norm from app.contact k where k.organization_id = @OrganizationId and k.id = @Id and k.email_norm is not null
            union
            select f.email_norm from app.contact_former_email f where f.organization_id = @OrganizationId and f.contact_id = @Id
            """, new { contact.OrganizationId, contact.Id }, cancellationToken);

    /// <summary>
    /// Erases the mentions of an address in rows of one of the <see cref="MentionKinds"/> that came since a time (null = ever); returns how
    /// many rows changed. Reads all the organization's rows of the kind.
    /// </summary>
    public static Task<long> EraseMentionsAsync(
        DatabaseSession session, string kind, Guid organizationId, IReadOnlyCollection<string> spellings, DateTime? since, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<long>("""
            select app.erase_mentions(@kind, @organizationId, @spellings, coalesce(@since::timestamptz, '-infinity'))
            """, new { kind, organizationId, spellings = spellings.ToArray(), since }, cancellationToken);

    /// <summary>
    /// Erases a contact; see <c>app.erase_contact</c>. Null if it has changed since it was read. <paramref name="hashes"/> belong to the
    /// <paramref name="addresses"/>.
    /// </summary>
    public static Task<ErasedRows?> EraseAsync(
        DatabaseSession session, Contact contact, IReadOnlyCollection<string> addresses, IReadOnlyCollection<byte[]> hashes, DateTime now,
        CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<ErasedRows>("""
            select e.leads, e.activities, e.conversations, e.notifications, e.audit_entries, e.webhook_logs
            from app.erase_contact(@OrganizationId, @Id, @Version, @addresses, @hashes, @now) c
            cross join jsonb_to_record(c) as e (
                leads integer, activities integer, conversations integer, notifications integer, audit_entries integer, webhook_logs integer)
            where c is not null
            """,
            new
            {
                contact.OrganizationId,
                contact.Id,
                contact.Version,
                addresses = addresses.ToArray(),
                hashes = hashes.ToArray(),
                now,
            }, cancellationToken);
}

/// <summary>The suppression that a contact has from the person whose data was erased, and the contact's version since.</summary>
public sealed record KeptSuppression
{
    public string Suppression { get; init; } = "none";
    public DateTime? SuppressedAt { get; init; }
    public long Version { get; init; }
}

/// <summary>How much was erased.</summary>
public sealed record ErasedRows
{
    public int Leads { get; init; }
    public int Activities { get; init; }
    public int Conversations { get; init; }
    public int Notifications { get; init; }
    public int AuditEntries { get; init; }
    public int WebhookLogs { get; init; }
}
