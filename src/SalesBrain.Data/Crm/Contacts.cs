using Dapper;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Crm;

/// <summary>Contacts as people work with them. People of an agency or a client find those that have a live lead of theirs.</summary>
public static class Contacts
{
    private const string SummaryColumns = """
        k.id, k.organization_id, k.email, k.first_name, k.last_name, k.company, k.title, k.phone, k.website, k.linkedin_url, k.city, k.region, k.country,
        app.contact_lead_score(k.organization_id, k.id) as lead_score, k.suppression, k.suppressed_at, k.tags, o.user_id as owner_id,
        coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email) as owner_name, k.version, k.created_at, k.updated_at
        """;

    private const string Joins = """
        left join app.user_contact_assignment o
            on o.organization_id = k.organization_id and o.contact_id = k.id and o.status = 'active' and o.is_primary_owner
        left join app.user u on u.organization_id = o.organization_id and u.id = o.user_id
        """;

    private const string LiveLead =
        "select from app.lead l where l.organization_id = t.organization_id and l.contact_id = t.id and l.deleted_at is null";

    /// <summary>The columns of a <see cref="Contact"/>.</summary>
    internal const string Columns = SummaryColumns + ", k.custom_fields";

    /// <summary>The sort key of each order.</summary>
    public static SortKey KeyOf(ContactSort sort) => sort switch
    {
        ContactSort.UpdatedAt => SortKey.Time("updated_at"),
        ContactSort.LastName => SortKey.Text("sort_last_name", isOptional: true),
        ContactSort.Company => SortKey.Text("sort_company", isOptional: true),
        ContactSort.Email => SortKey.Text("email_norm", isOptional: true),
        _ => SortKey.Time("created_at"),
    };

    /// <summary>A page of the contacts that match, and how many match in all.</summary>
    public static Task<(List<ContactSummary> Rows, BoundedCount Total)> ListAsync(
        DatabaseSession session, ContactFilter filter, PageStart start, CancellationToken cancellationToken) =>
        PageQuery.ReadAsync<ContactSummary>(session, ListStatement(SessionScope.Of(session), filter, start), cancellationToken);

    internal static Statement ListStatement(SessionScope scope, ContactFilter filter, PageStart start)
    {
        List<string> conditions =
        [
            """
            (@org::uuid is null or t.organization_id = @org) and (@OrganizationId::uuid is null or t.organization_id = @OrganizationId)
            and (cardinality(@Suppressions) = 0 or t.suppression = any (@Suppressions)) and (@Country::text is null or t.country = @Country)
            and (cardinality(@tags) = 0 or t.tags @> @tags)
            """,
        ];
        // Only where they are asked for: the planner can begin with the other table, but not behind an "or".
        if (scope.AgencyId is not null)
        {
            conditions.Add($"exists ({LiveLead} and l.agency_id = @agency)");
        }
        if (scope.ClientId is not null)
        {
            conditions.Add($"exists ({LiveLead} and l.client_id = @client)");
        }
        if (filter.CampaignId is not null)
        {
            conditions.Add($"exists ({LiveLead} and l.campaign_id = @CampaignId)");
        }
        if (filter.OwnerId is not null)
        {
            conditions.Add("""
                exists (
                    select from app.user_contact_assignment a
                    where a.organization_id = t.organization_id and a.contact_id = t.id and a.user_id = @OwnerId and a.status = 'active'
                        and a.is_primary_owner)
                """);
        }
        // A parameter @custom0, @custom1 … for each field.
        conditions.AddRange(filter.CustomFields.Select((_, index) => $"t.custom_fields @> any (@custom{index}::text[]::jsonb[])"));
        var customFields = new DynamicParameters();
        for (var index = 0; index < filter.CustomFields.Count; index++)
        {
            customFields.Add($"custom{index}", filter.CustomFields[index].Alternatives().ToArray());
        }
        var organizationId = scope.OrganizationId ?? filter.OrganizationId;
        var tags = filter.Tags.Distinct().ToArray();
        var page = new PageQuery("contact", string.Join("\nand ", conditions), start, FinderOf(filter, organizationId, tags))
        {
            ReadsEachOrganization = organizationId is null,
        };
        return page.ToStatement(
            SummaryColumns,
            $"""
            join app.contact k on k.id = p.id
            {Joins}
            """,
            new
            {
                org = scope.OrganizationId,
                agency = scope.AgencyId,
                client = scope.ClientId,
                filter.OrganizationId,
                filter.Suppressions,
                filter.Country,
                tags,
                filter.CampaignId,
                filter.OwnerId,
            },
            customFields);
    }

    /// <summary>One contact; null if the session cannot see one with the id.</summary>
    public static Task<Contact?> FindAsync(DatabaseSession session, Guid contactId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Contact>(FindStatement(), FindParameters(session, contactId), cancellationToken);

    /// <summary>
    /// Locks one contact until the transaction ends; null if the session cannot change one with the id. The lock is as strong as the one of
    /// a changed e-mail address, so that it never has to be raised: a webhook processor that waits for it holds a weaker one.
    /// </summary>
    public static Task<Contact?> LockAsync(DatabaseSession session, Guid contactId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Contact>(FindStatement("for update of k"), FindParameters(session, contactId), cancellationToken);

    /// <summary>
    /// Locks those of the contacts that the session can change, in the order of their ids, each as if it were locked alone.
    /// </summary>
    public static Task<List<Contact>> LockAsync(
        DatabaseSession session, IReadOnlyCollection<Guid> contactIds, CancellationToken cancellationToken) =>
        session.QueryAsync<Contact>($"""
            select {Columns}
            from app.contact k
            {Joins}
            where k.id = any (@contactIds) and (@org::uuid is null or k.organization_id = @org)
            order by k.id
            for update of k
            """, new { contactIds = contactIds.ToArray(), org = session.OrganizationId }, cancellationToken);

    /// <summary>
    /// Merges a locked contact into another locked one of its organization. Only for sessions that can change everything of the
    /// organization.
    /// </summary>
    public static Task<MergedRows> MergeAsync(
        DatabaseSession session, Contact merged, Contact survivor, DateTime now, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<MergedRows>("""
            select m.leads, m.joined_leads, m.joined_lead_ids, m.activities, m.assignments
            from app.merge_contacts(@OrganizationId, @merged, @survivor, @now) m
            """, new { merged.OrganizationId, merged = merged.Id, survivor = survivor.Id, now }, cancellationToken);

    /// <summary>The contact that a former one was merged into; null if there is none or the session cannot see it.</summary>
    public static Task<Guid?> FindForwardingAsync(DatabaseSession session, Guid formerId, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Guid?>("""
            select f.contact_id from app.contact_forwarding f where f.former_id = @formerId and (@org::uuid is null or f.organization_id = @org)
            """, new { formerId, org = session.OrganizationId }, cancellationToken);

    /// <summary>
    /// The contact that has an e-mail address (<see cref="Core.Values.EmailAddress.Norm"/>), also from one that was merged into it; null if
    /// the session cannot see one.
    /// </summary>
    public static Task<Guid?> FindIdByEmailAsync(
        DatabaseSession session, Guid organizationId, string emailNorm, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Guid?>("""
            select k.id from app.contact k where k.organization_id = @organizationId and k.email_norm = @emailNorm
            union all
            select a.contact_id from app.contact_former_email a where a.organization_id = @organizationId and a.email_norm = @emailNorm
            limit 1
            """, new { organizationId, emailNorm }, cancellationToken);

    /// <summary>Adds a contact; false if its e-mail address is taken, whether or not the session can see by whom.</summary>
    public static async Task<bool> AddAsync(
        DatabaseSession session, Contact contact, string? emailNorm, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(contact);
        parameters.Add("emailNorm", emailNorm);
        // Naming the key of the conflict, or returning the row, would ask whether the session can see the contact: people of an agency or a
        // client cannot before it has a lead.
        return await session.ExecuteAsync("""
            insert into app.contact (
                id, organization_id, email, email_norm, first_name, last_name, company, title, phone, website, linkedin_url, city, region, country,
                suppression, suppressed_at, custom_fields, tags, created_at, updated_at)
            values (
                @Id, @OrganizationId, @Email, @emailNorm, @FirstName, @LastName, @Company, @Title, @Phone, @Website, @LinkedinUrl, @City, @Region, @Country,
                @Suppression, @SuppressedAt, @CustomFields, @Tags, @CreatedAt, @UpdatedAt)
            on conflict do nothing
            """, parameters, cancellationToken) == 1;
    }

    /// <summary>
    /// Writes what may change of a locked contact, with the audit entry; returns it as it is now, null if the session cannot see it any
    /// more. Throws <see cref="Npgsql.PostgresException"/> with constraint <c>contact_email_norm_key</c> or
    /// <c>contact_former_email_pkey</c> when another contact has the address.
    /// </summary>
    public static Task<Contact?> UpdateAsync(
        DatabaseSession session, Contact contact, string? emailNorm, AuditEntry entry, CancellationToken cancellationToken)
    {
        var parameters = AuditLog.With(contact, entry);
        parameters.Add("emailNorm", emailNorm);
        return session.QueryMultipleAsync($"""
            update app.contact k set
                -- An address from before addresses were cleaned stays as it is until it is changed.
                email_norm = case when k.email is distinct from @Email then @emailNorm else k.email_norm end,
                clean_email_norm = case when k.email is distinct from @Email then null else k.clean_email_norm end,
                email = @Email, first_name = @FirstName, last_name = @LastName, company = @Company, title = @Title,
                phone = @Phone, website = @Website, linkedin_url = @LinkedinUrl, city = @City, region = @Region, country = @Country,
                suppression = @Suppression, suppressed_at = @SuppressedAt, custom_fields = @CustomFields, tags = @Tags, updated_at = @UpdatedAt
            where k.organization_id = @OrganizationId and k.id = @Id;

            {AuditLog.Insert};

            select {Columns}
            from app.contact k
            {Joins}
            where k.organization_id = @OrganizationId and k.id = @Id
            """, parameters, async (results, token) => (await results.ReadAsync<Contact>(token)).SingleOrDefault(), cancellationToken);
    }

    /// <summary>The condition that a contact k is the wanted one and in the session's scope.</summary>
    internal static string Reached => """
        k.id = @contactId and (@org::uuid is null or k.organization_id = @org)
        and (@agency::uuid is null or exists (
            select from app.lead l
            where l.organization_id = k.organization_id and l.contact_id = k.id and l.deleted_at is null and l.agency_id = @agency))
        and (@client::uuid is null or exists (
            select from app.lead l
            where l.organization_id = k.organization_id and l.contact_id = k.id and l.deleted_at is null and l.client_id = @client))
        """;

    internal static string FindStatement(string locking = "") => $"""
        select {Columns}
        from app.contact k
        {Joins}
        where {Reached}
        {locking}
        """;

    private static object FindParameters(DatabaseSession session, Guid contactId)
    {
        var scope = SessionScope.Of(session);
        return new { contactId, org = scope.OrganizationId, agency = scope.AgencyId, client = scope.ClientId };
    }

    /// <summary>The functions find for people of an agency or a client too, among their own contacts.</summary>
    private static Finder? FinderOf(ContactFilter filter, Guid? organizationId, string[] tags)
    {
        if (SearchTerm.Of(filter.Search) is { } search)
        {
            return new(
                "strpos(t.search_text, @searchTerm) > 0",
                new { searchOrganizationId = organizationId, searchPattern = search.Pattern, searchTerm = search.Text })
            {
                Function = $"app.search_contacts(@searchOrganizationId, @searchPattern, {Finder.Probe})",
            };
        }
        // The list's own condition has the custom fields and the tags.
        if (filter.CustomFields.Count > 0)
        {
            return new("true", new
            {
                searchOrganizationId = organizationId,
                customFilters = $"[{string.Join(',', filter.CustomFields.Select(field => $"[{string.Join(',', field.Alternatives())}]"))}]",
            })
            {
                Function = $"app.find_contacts_by_custom_fields(@searchOrganizationId, @customFilters::jsonb, {Finder.Probe})",
            };
        }
        return tags.Length == 0 ? null : new("true", new { searchOrganizationId = organizationId })
        {
            Function = $"app.find_tagged_contacts(@searchOrganizationId, @tags, {Finder.Probe})",
        };
    }
}

/// <summary>What moved in a merge.</summary>
public sealed record MergedRows
{
    /// <summary>Leads that moved.</summary>
    public int Leads { get; init; }

    /// <summary>Leads that became one with a lead of the same campaign.</summary>
    public int JoinedLeads { get; init; }

    /// <summary>The ids of those that are gone.</summary>
    public Guid[] JoinedLeadIds { get; init; } = [];
    public int Activities { get; init; }
    public int Assignments { get; init; }
}
