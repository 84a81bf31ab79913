using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Crm;

/// <summary>Contacts that may be the same person; see <c>app.find_duplicate_contacts</c>.</summary>
public static class DuplicateContacts
{
    /// <summary>What a page continues after: the reason's number and the shared value.</summary>
    public static SortKey Key { get; } = SortKey.Text("position");

    /// <summary>
    /// A page of groups, and how many there are. For sessions that can merge contacts of the organization; others find none.
    /// </summary>
    public static Task<(List<ContactDuplicates> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, Guid organizationId, PageStart start, CancellationToken cancellationToken)
    {
        var statement = ListStatement(organizationId, start);
        return session.QueryMultipleAsync(
            statement.Sql,
            statement.Arguments,
            async (results, token) =>
            {
                var groups = await results.ReadAsync<ContactDuplicates>(token);
                var total = BoundedCount.Of((await results.ReadAsync<long>(token)).Single());
                var contacts = (await results.ReadAsync<DuplicateContact>(token)).DistinctBy(contact => contact.Id)
                    .ToDictionary(contact => contact.Id);
                return (groups.ConvertAll(group => group with
                {
                    Contacts = [.. group.ContactIds.Where(contacts.ContainsKey).Select(id => contacts[id])],
                }), total);
            },
            cancellationToken);
    }

    internal static Statement ListStatement(Guid organizationId, PageStart start)
    {
        var after = start.After?.Key?.Split(' ', 2) ?? ["0", ""];
        return new(
            $"""
            select d.contact_ids[1] as id, d.reason || ' ' || d.shared as position, d.reasons, d.members, d.contact_ids
            from app.find_duplicate_contacts(@organizationId, @reason::integer, @shared, @reach) d
            order by d.reason, d.shared
            limit @limit offset @offset;

            select count(*) from app.find_duplicate_contacts(@organizationId, 0, '', {BoundedCount.Probe}) d;

            select k.id, k.email, k.first_name, k.last_name, k.company, k.phone, k.linkedin_url, k.suppression, k.created_at,
                (select count(*) from app.lead l where l.organization_id = k.organization_id and l.contact_id = k.id and l.deleted_at is null) as leads
            from (
                select d.contact_ids
                from app.find_duplicate_contacts(@organizationId, @reason::integer, @shared, @reach) d
                order by d.reason, d.shared
                limit @limit offset @offset) g
            cross join unnest(g.contact_ids) as m (id)
            join app.contact k on k.organization_id = @organizationId and k.id = m.id
            """,
            new
            {
                organizationId,
                reason = int.TryParse(after[0], out var reason) ? reason : 0,
                shared = after.ElementAtOrDefault(1) ?? "",
                reach = start.Offset + start.Limit,
                limit = start.Limit,
                offset = start.Offset,
            });
    }
}

/// <summary>The order of groups of duplicates; there is one.</summary>
public enum DuplicateSort
{
    Reason,
}

/// <summary>Contacts that may be the same person.</summary>
public sealed record ContactDuplicates : IListedRow
{
    [JsonIgnore]
    public Guid Id { get; init; }

    [JsonIgnore]
    public string? Position { get; init; }

    [JsonIgnore]
    public Guid[] ContactIds { get; init; } = [];

    /// <summary>What the contacts share: <c>email</c>, <c>linkedin_url</c>, <c>name_and_phone</c>.</summary>
    public string[] Reasons { get; init; } = [];

    /// <summary>How many contacts are in the group.</summary>
    public long Members { get; init; }

    /// <summary>The oldest 20 of them.</summary>
    public IReadOnlyList<DuplicateContact> Contacts { get; init; } = [];
}

/// <summary>A contact that may be the same person as others.</summary>
public sealed record DuplicateContact
{
    public Guid Id { get; init; }
    public string? Email { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Company { get; init; }
    public string? Phone { get; init; }
    public string? LinkedinUrl { get; init; }

    [AllowedValues("none", "bounced", "manual", "unsubscribed")]
    public string Suppression { get; init; } = "";

    /// <summary>Number of live leads.</summary>
    public long Leads { get; init; }
    public DateTime CreatedAt { get; init; }
}
