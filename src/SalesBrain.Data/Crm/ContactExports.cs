using System.Runtime.CompilerServices;
using System.Text.Json;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Crm;

/// <summary>
/// What is kept about one person, for their own request: rows as they are stored, with all columns but those that only lists and look-ups
/// need, so that a new column is never forgotten. For sessions that run the organization.
/// </summary>
public static class ContactExports
{
    /// <summary>Most rows of a kind.</summary>
    public const int MaxRows = 100_000;

    private const int PageSize = 500;

    /// <summary>Logs have payloads of up to 1 MiB.</summary>
    private const int LogPageSize = 20;

    /// <summary>The ids of a contact: its own, and those of contacts that were merged into it.</summary>
    private const string Ids = """
        array_append(array(
            select f.former_id from app.contact_forwarding f where f.organization_id = @OrganizationId and f.contact_id = @Id), @Id)
        """;

    /// <summary>What is not long: everything but messages, activities, webhook logs and audit entries.</summary>
    public static Task<ExportedContact> ReadAsync(DatabaseSession session, Contact contact, CancellationToken cancellationToken) =>
        session.QueryMultipleAsync($"""
            select to_jsonb(k) - array[
                'email_norm', 'clean_email_norm', 'sort_last_name', 'sort_company', 'search_text', 'linkedin_key', 'person_key', 'lead_score']
            from app.contact k
            where k.organization_id = @OrganizationId and k.id = @Id;

            select f.email
            from app.contact_former_email f
            where f.organization_id = @OrganizationId and f.contact_id = @Id
            order by f.created_at, f.email;

            select f.former_id as id, f.merged_at
            from app.contact_forwarding f
            where f.organization_id = @OrganizationId and f.contact_id = @Id
            order by f.merged_at, f.former_id;

            select to_jsonb(l) - array['sort_status', 'sort_priority'] || jsonb_build_object('status_changes', (
                select coalesce(jsonb_agg(to_jsonb(c) - array['organization_id', 'lead_id', 'number'] order by c.number), '[]')
                from app.lead_status_change c
                where c.organization_id = l.organization_id and c.lead_id = l.id))
            from app.lead l
            where l.organization_id = @OrganizationId and l.contact_id = @Id
            order by l.created_at, l.id
            limit {MaxRows};

            select to_jsonb(a)
            from app.user_contact_assignment a
            where a.organization_id = @OrganizationId and a.contact_id = @Id
            order by a.assigned_at, a.id;

            select to_jsonb(c) - array['search_text', 'activity_at'] || jsonb_build_object('assignments', (
                select coalesce(jsonb_agg(to_jsonb(a) - array['organization_id', 'conversation_id'] order by a.assigned_at, a.id), '[]')
                from app.conversation_assignment a
                where a.organization_id = c.organization_id and a.conversation_id = c.id))
            from app.conversation c
            where c.organization_id = @OrganizationId and c.contact_id = @Id
            order by c.created_at, c.id
            limit {MaxRows};

            select n from app.find_contact_notifications(@OrganizationId, {Ids}) n limit {MaxRows};
            """, new { contact.OrganizationId, contact.Id },
            async (results, token) => new ExportedContact
            {
                Contact = (await results.ReadAsync<JsonElement>(token)).Single(),
                FormerAddresses = await results.ReadAsync<string>(token),
                MergedContacts = await results.ReadAsync<FormerContact>(token),
                Leads = await results.ReadAsync<JsonElement>(token),
                Assignments = await results.ReadAsync<JsonElement>(token),
                Conversations = await results.ReadAsync<JsonElement>(token),
                Notifications = await results.ReadAsync<JsonElement>(token),
            }, cancellationToken);

    /// <summary>The activities, oldest first, read in pages.</summary>
    public static IAsyncEnumerable<IReadOnlyList<JsonElement>> ReadActivitiesAsync(
        DatabaseSession session, Contact contact, CancellationToken cancellationToken) =>
        PagesAsync<JsonElement>(session, contact, PageSize, """
            select to_jsonb(a) as row, a.occurred_at as at, a.id
            from app.activity a
            where a.organization_id = @OrganizationId and a.contact_id = @Id
                and (@afterId::uuid is null or (a.occurred_at, a.id) > (@afterAt, @afterId))
            order by a.occurred_at, a.id
            limit @size
            """, row => row.Row, cancellationToken);

    /// <summary>The messages of all conversations, oldest first, read in pages.</summary>
    public static IAsyncEnumerable<IReadOnlyList<JsonElement>> ReadMessagesAsync(
        DatabaseSession session, Contact contact, CancellationToken cancellationToken) =>
        PagesAsync<JsonElement>(session, contact, PageSize, """
            select to_jsonb(m) as row, m.occurred_at as at, m.id
            from app.message m
            where m.organization_id = @OrganizationId
                and m.conversation_id = any (array(
                    select c.id from app.conversation c where c.organization_id = @OrganizationId and c.contact_id = @Id))
                and (@afterId::uuid is null or (m.occurred_at, m.id) > (@afterAt, @afterId))
            order by m.occurred_at, m.id
            limit @size
            """, row => row.Row, cancellationToken);

    /// <summary>
    /// The audit entries about the contact, its former ids, its leads and its conversations, oldest first, read in pages.
    /// </summary>
    public static IAsyncEnumerable<IReadOnlyList<JsonElement>> ReadAuditEntriesAsync(
        DatabaseSession session, Contact contact, CancellationToken cancellationToken) =>
        PagesAsync<JsonElement>(session, contact, PageSize, $"""
            select to_jsonb(a) as row, a.at, a.id
            from app.audit_log a
            where a.organization_id = @OrganizationId
                and a.entity_id = any ({Ids} || array(
                    select l.id from app.lead l where l.organization_id = @OrganizationId and l.contact_id = @Id
                    union all
                    select c.id from app.conversation c where c.organization_id = @OrganizationId and c.contact_id = @Id))
                and (@afterId::uuid is null or (a.at, a.id) > (@afterAt, @afterId))
            order by a.at, a.id
            limit @size
            """, row => row.Row, cancellationToken);

    /// <summary>The webhook logs by contact or address with their payloads, oldest first, read in small pages.</summary>
    public static IAsyncEnumerable<IReadOnlyList<ExportedWebhook>> ReadWebhookLogsAsync(
        DatabaseSession session, Contact contact, CancellationToken cancellationToken) =>
        PagesAsync(session, contact, LogPageSize, $"""
            select to_jsonb(w) - array['contact_email_norm'] as row, w.created_at as at, w.id, p.content_type,
                coalesce(d.headers, p.headers) as headers, p.body
            from (
                select w.* from app.webhook_log w
                where w.organization_id = @OrganizationId and w.contact_id = any ({Ids})
                    and (@afterId::uuid is null or (w.created_at, w.id) > (@afterAt, @afterId))
                union
                select w.* from app.webhook_log w
                where w.organization_id = @OrganizationId and w.contact_email_norm = any (array(
                        select k.email_norm from app.contact k where k.organization_id = @OrganizationId and k.id = @Id
                        union all
                        select f.email_norm from app.contact_former_email f where f.organization_id = @OrganizationId and f.contact_id = @Id))
                    and (@afterId::uuid is null or (w.created_at, w.id) > (@afterAt, @afterId))
                order by created_at, id
                limit @size
            ) w
            left join app.webhook_payload p on p.organization_id = w.organization_id and p.created_at = w.created_at and p.log_id = w.id
            left join app.webhook_delivery d on d.organization_id = p.organization_id and d.created_at = p.created_at and d.id = p.delivery_id
            order by w.created_at, w.id
            """,
            row => new ExportedWebhook(row.Row, row.Body is null ? null : ExportedPayload.Of(row.ContentType, row.Headers, row.Body)),
            cancellationToken);

    /// <summary>
    /// The logs of events that are about nobody, or that failed or were ignored without an address, whose payloads have one of the
    /// spellings of the person's addresses, oldest first. Reads all such payloads of the organization, as <c>app.erase_mentions</c> does.
    /// </summary>
    public static IAsyncEnumerable<IReadOnlyList<ExportedWebhook>> ReadWebhookMentionsAsync(
        DatabaseSession session, Contact contact, IReadOnlyCollection<string> spellings, CancellationToken cancellationToken) =>
        PagesAsync(session, contact, LogPageSize, $"""
            select to_jsonb(w) - array['contact_email_norm'] as row, w.created_at as at, w.id, p.content_type,
                coalesce(d.headers, p.headers) as headers, p.body
            from app.webhook_log w
            join app.webhook_payload p on p.organization_id = w.organization_id and p.created_at = w.created_at and p.log_id = w.id
            left join app.webhook_delivery d on d.organization_id = p.organization_id and d.created_at = p.created_at and d.id = p.delivery_id
            where w.organization_id = @OrganizationId and w.contact_email_norm is null
                and (w.contact_id is null or w.contact_id <> all ({Ids}))
                and {HasSpelling("p.body")}
                and (@afterId::uuid is null or (w.created_at, w.id) > (@afterAt, @afterId))
            order by w.created_at, w.id
            limit @size
            """,
            row => new ExportedWebhook(row.Row, ExportedPayload.Of(row.ContentType, row.Headers, row.Body!)), cancellationToken, spellings);

    /// <summary>
    /// The rejected deliveries whose bodies have one of the spellings of the person's addresses, oldest first. Reads all of the
    /// organization.
    /// </summary>
    public static IAsyncEnumerable<IReadOnlyList<ExportedRejection>> ReadRejectionsAsync(
        DatabaseSession session, Contact contact, IReadOnlyCollection<string> spellings, CancellationToken cancellationToken) =>
        PagesAsync(session, contact, LogPageSize, $"""
            select to_jsonb(r) - array['body', 'headers', 'content_type'] as row, r.created_at as at, r.id, r.content_type, r.headers, r.body
            from app.webhook_rejection r
            where r.organization_id = @OrganizationId and {HasSpelling("r.body")}
                and (@afterId::uuid is null or (r.created_at, r.id) > (@afterAt, @afterId))
            order by r.created_at, r.id
            limit @size
            """,
            row => new ExportedRejection(row.Row, ExportedPayload.Of(row.ContentType, row.Headers, row.Body!)), cancellationToken,
            spellings);

    /// <summary>As <c>app.erase_mentions</c> compares: bytes that are not ASCII are written as <c>encode(…, 'escape')</c> does.</summary>
    private static string HasSpelling(string body) => $"""
        exists (
            select from unnest(@spellings) s (spelling)
            where strpos(lower(encode({body}, 'escape')), lower(encode(convert_to(s.spelling, 'UTF8'), 'escape'))) > 0)
        """;

    private static async IAsyncEnumerable<IReadOnlyList<T>> PagesAsync<T>(
        DatabaseSession session, Contact contact, int size, string sql, Func<PagedRow, T> read,
        [EnumeratorCancellation] CancellationToken cancellationToken, IReadOnlyCollection<string>? spellings = null)
    {
        (DateTime At, Guid Id)? after = null;
        for (var left = MaxRows; left > 0; left -= size)
        {
            var parameters = new
            {
                contact.OrganizationId,
                contact.Id,
                size = Math.Min(size, left),
                afterAt = after?.At,
                afterId = after?.Id,
                spellings = spellings?.ToArray() ?? [],
            };
            var rows = await session.QueryAsync<PagedRow>(sql, parameters, cancellationToken);
            if (rows.Count > 0)
            {
                yield return rows.ConvertAll(row => read(row));
            }
            if (rows.Count < parameters.size)
            {
                yield break;
            }
            after = (rows[^1].At, rows[^1].Id);
        }
    }

    private sealed record PagedRow
    {
        public JsonElement Row { get; init; }
        public DateTime At { get; init; }
        public Guid Id { get; init; }
        public string? ContentType { get; init; }
        public JsonElement? Headers { get; init; }
        public byte[]? Body { get; init; }
    }
}

/// <summary>What is kept about one person, but for messages, activities, webhook logs and audit entries.</summary>
public sealed record ExportedContact
{
    public JsonElement Contact { get; init; }
    public IReadOnlyList<string> FormerAddresses { get; init; } = [];
    public IReadOnlyList<FormerContact> MergedContacts { get; init; } = [];
    public IReadOnlyList<JsonElement> Leads { get; init; } = [];
    public IReadOnlyList<JsonElement> Assignments { get; init; } = [];
    public IReadOnlyList<JsonElement> Conversations { get; init; } = [];
    public IReadOnlyList<JsonElement> Notifications { get; init; } = [];
}

/// <summary>A contact that was merged into this one.</summary>
public sealed record FormerContact
{
    public Guid Id { get; init; }
    public DateTime MergedAt { get; init; }
}
