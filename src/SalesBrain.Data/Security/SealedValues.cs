using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Security;

/// <summary>The values of a sealed column. Table and column names come from <see cref="SealedColumns"/>, never from a caller.</summary>
internal static class SealedValues
{
    /// <summary>The columns of the database that are named as sealed ones are, such as <c>app.onboarding_link.token_sealed</c>.</summary>
    internal static Task<List<string>> FindColumnsAsync(DatabaseSession session, CancellationToken cancellationToken) =>
        session.QueryAsync<string>("""
            select 'app.' || c.relname || '.' || a.attname
            from pg_catalog.pg_class c
            join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attname like '%\_sealed'
            """, null, cancellationToken);

    /// <summary>How many values each key seals. A null id counts what is not an envelope.</summary>
    internal static Task<List<KeyUse>> CountByKeyAsync(DatabaseSession session, SealedColumn column, CancellationToken cancellationToken) =>
        session.QueryAsync<KeyUse>($"""
            select {KeyId(column)} as key_id, count(*) as values
            from app.{column.Table} t
            where t.{column.Name} is not null
            group by 1
            """, null, cancellationToken);

    /// <summary>The next rows by id whose value is not sealed with the key; <paramref name="after"/> null = from the first.</summary>
    internal static Task<List<SealedValue>> ReadAsync(
        DatabaseSession session, SealedColumn column, string currentKeyId, Guid? after, int limit, CancellationToken cancellationToken) =>
        session.QueryAsync<SealedValue>($"""
            select {column.OrganizationId} as organization_id, t.id, t.{column.Name} as envelope
            from app.{column.Table} t
            where t.{column.Name} is not null and {KeyId(column)} is distinct from @currentKeyId and (@after::uuid is null or t.id > @after)
            order by t.id
            limit @limit
            """, new { currentKeyId, after, limit }, cancellationToken);

    /// <summary>
    /// Replaces values that are still as they were read. Skips rows that another session has locked, so that nobody waits for anybody.
    /// Returns the number of replaced values.
    /// </summary>
    internal static Task<int> ReplaceAsync(
        DatabaseSession session, SealedColumn column, IReadOnlyList<(SealedValue Value, byte[] Envelope)> replacements, CancellationToken cancellationToken) =>
        session.ExecuteAsync($"""
            with unchanged as materialized (
                select r.organization_id, t.id, r.before, r.after
                from unnest(@organizationIds, @ids, @before, @after) r (organization_id, id, before, after)
                join app.{column.Table} t on {column.OrganizationId} = r.organization_id and t.id = r.id
                where t.{column.Name} = r.before
                for no key update of t skip locked
            )
            update app.{column.Table} t set {column.Name} = u.after
            from unchanged u
            where {column.OrganizationId} = u.organization_id and t.id = u.id and t.{column.Name} = u.before
            """, new
        {
            organizationIds = replacements.Select(replacement => replacement.Value.OrganizationId).ToArray(),
            ids = replacements.Select(replacement => replacement.Value.Id).ToArray(),
            before = replacements.Select(replacement => replacement.Value.Envelope).ToArray(),
            after = replacements.Select(replacement => replacement.Envelope).ToArray(),
        }, cancellationToken);

    /// <summary>
    /// The key id in an envelope of <see cref="Core.Security.SecretBox"/>; null for anything else. A test compares it with <c>KeyIdOf</c>.
    /// </summary>
    private static string KeyId(SealedColumn column) => $"""
        case when octet_length(t.{column.Name}) >= 2 and get_byte(t.{column.Name}, 0) = 1
            and octet_length(t.{column.Name}) >= 2 + get_byte(t.{column.Name}, 1)
        then encode(substring(t.{column.Name} from 3 for get_byte(t.{column.Name}, 1)), 'escape') end
        """;
}

/// <summary>How many values a key seals; the id is null for values that are not envelopes.</summary>
public sealed record KeyUse
{
    public string? KeyId { get; init; }
    public long Values { get; init; }
}

/// <summary>A sealed value and the row it is in.</summary>
internal sealed record SealedValue
{
    public Guid OrganizationId { get; init; }
    public Guid Id { get; init; }
    public byte[] Envelope { get; init; } = [];
}
