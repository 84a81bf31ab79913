namespace SalesBrain.Tests.Database;

/// <summary>
/// What holds for every table of schema <c>app</c>, asked of PostgreSQL's catalog: a new one is covered by being there. Exceptions are
/// named with their reason, and an exception that no longer is one fails too.
/// </summary>
public class CatalogTests(ClonedDatabase database) : IClassFixture<ClonedDatabase>
{
    private static readonly Dictionary<string, string> TablesOfNoOrganization = new()
    {
        ["organization"] = "it is the organization; its fence is on id",
        ["onboarding_guess"] = "addresses that asked for links which do not exist, so for no organization",
        ["whatsapp_unrouted"] = "names no organization that is known here",
        ["sign_in_attempt"] = "counted before any organization is known",
        ["genesys_sign_in"] = "comes back from Genesys before the organization is known",
        ["mail_limit"] = "an address receives mails from several organizations",
        ["address_hash_key"] = "hashes the addresses of all organizations' erased people",
        ["schema_migration"] = "which files were applied",
        ["schema_definition"] = "which files were applied",
    };

    private static readonly Dictionary<string, string> RowsOfNoOrganization = new()
    {
        ["user"] = "platform operators, and they alone: user_role_organization_check",
        ["audit_log"] = "what concerns no organization, such as the sign-in of a platform operator",
        ["refresh_token"] = "sessions of platform operators",
        ["password_token"] = "reset links of platform operators",
        ["email_change"] = "new addresses of platform operators",
        ["stream_ticket"] = "streams of platform operators",
    };

    private static readonly Dictionary<string, string> GlobalValues = new()
    {
        ["organization_slug_key"] = "names an organization among all",
        ["tenant_tenant_key_key"] = "finds the organization",
        ["tenant_genesys_org_id_key"] = "finds the organization",
        ["user_email_norm_key"] = "one sign-in name over the whole product",
        ["webhook_endpoint_token_hash_key"] = "the token finds the organization",
        ["webhook_endpoint_previous_token_hash_key"] = "the token finds the organization",
        ["whatsapp_account_phone_number_id_key"] = "the number finds the organization of a delivery",
        ["onboarding_link_token_hash_key"] = "the token finds the organization",
        ["onboarding_guess_pkey"] = "an address belongs to no organization",
        ["refresh_token_token_hash_key"] = "the token finds the user",
        ["password_token_token_hash_key"] = "the token finds the user",
        ["genesys_user_genesys_user_id_key"] = "the Genesys user finds the user",
        ["genesys_sign_in_pkey"] = "comes back from Genesys before the organization is known",
        ["genesys_sign_in_code_hash_key"] = "the code finds the user",
        ["sign_in_attempt_pkey"] = "counted before any organization is known",
        ["mail_limit_pkey"] = "an address receives mails from several organizations",
        ["email_change_token_hash_key"] = "the token finds the user",
        ["stream_ticket_token_hash_key"] = "the ticket finds the user",
        ["webhook_log_pkey"] = "an id, with the partition key that a unique key must contain",
    };

    private static readonly Dictionary<string, string> ForeignKeysWithoutIndex = new()
    {
        ["lead_campaign_fkey"] = "campaigns are deleted softly",
        ["lead_assigned_to_fkey"] = "users are disabled, never deleted",
        ["assignment_member_user_fkey"] = "users are disabled, never deleted",
        ["assignment_turn_user_fkey"] = "users are disabled, never deleted",
        ["webhook_rejection_endpoint_fkey"] = "endpoints are deleted softly",
    };

    private static readonly Dictionary<string, string> IdsWithoutForeignKey = new()
    {
        ["activity.webhook_log_id"] = "logs are dropped a month at a time",
        ["analytics_change.agency_id"] = "may be the id that means everybody",
        ["analytics_change.client_id"] = "may be the id that means none",
        ["analytics_change.lead_ids"] = "leads that changed, also those that are gone",
        ["analytics_change.organization_id"] = "short-lived changes, written by triggers on rows that have one; no look-up on the hot path",
        ["analytics_day.agency_id"] = "may be the id that means none",
        ["analytics_day.client_id"] = "may be the id that means none",
        ["analytics_day.scope_id"] = "an organization, agency, client or campaign",
        ["analytics_group.agency_id"] = "may be the id that means none",
        ["analytics_group.client_id"] = "may be the id that means none",
        ["analytics_group.scope_id"] = "an organization, agency, client or campaign",
        ["analytics_lead.agency_id"] = "may be the id that means none",
        ["analytics_lead.assigned_to"] = "what a lead contributed is subtracted after the user is gone",
        ["analytics_lead.campaign_id"] = "what a lead contributed is subtracted after it is gone",
        ["analytics_lead.client_id"] = "may be the id that means none",
        ["analytics_lead.lead_id"] = "what a lead contributed is subtracted after it is gone",
        ["analytics_version.agency_id"] = "may be the id that means none",
        ["analytics_version.client_id"] = "may be the id that means none",
        ["assignment_rule.campaign_ids"] = "checked when they are set; campaigns are deleted softly",
        ["assignment_ruleset.updated_by"] = "may be a platform operator",
        ["audit_log.actor_id"] = "may be a platform operator, who has no organization",
        ["audit_log.entity_id"] = "an id of any table, also of what was deleted",
        ["campaign.created_by"] = "may be a platform operator",
        ["contact_forwarding.former_id"] = "the contact is gone",
        ["data_source.created_by"] = "may be a platform operator",
        ["data_source_file.created_by"] = "may be a platform operator",
        ["data_source.file_id"] = "a file in blob storage",
        ["email_change.requested_by"] = "may be a platform operator",
        ["genesys_sign_in.user_id"] = "the row is gone within a day, and users are never deleted",
        ["import_job.changed_by"] = "may be a platform operator",
        ["import_job.created_by"] = "may be a platform operator",
        ["import_job.file_id"] = "a file in blob storage",
        ["import_job.lease_owner"] = "a process",
        ["import_job.requested_by"] = "may be a platform operator",
        ["import_job.started_by"] = "may be a platform operator",
        ["import_job_row.lead_id"] = "kept when the lead is deleted",
        ["import_job_state.changed_by"] = "may be a platform operator",
        ["lead.created_by"] = "may be a platform operator",
        ["live_event.agency_id"] = "kept for days; no look-up on the hot path",
        ["live_event.campaign_id"] = "kept for days; no look-up on the hot path",
        ["live_event.client_id"] = "kept for days; no look-up on the hot path",
        ["live_event.entity_id"] = "an id of any table, also of what was deleted",
        ["live_event.organization_id"] = "written by triggers on rows that have one; no look-up on the hot path",
        ["live_event.user_id"] = "kept for days; no look-up on the hot path",
        ["conversation_assignment.assigned_by"] = "may be a platform operator",
        ["message.sent_by"] = "may be a platform operator",
        ["message_key.message_id"] = "of a partitioned table, whose key has the time",
        ["message_queue.lease_owner"] = "a process",
        ["message_queue.message_id"] = "of a partitioned table, whose key has the time",
        ["notification.link_id"] = "an id of any table, also of what was deleted",
        ["onboarding_link.created_by"] = "may be a platform operator",
        ["onboarding_link.revoked_by"] = "may be a platform operator",
        ["onboarding_link.template_id"] = "templates have no table yet",
        ["refresh_token.family_id"] = "the family's first token, removed after the others",
        ["refresh_token.parent_id"] = "tokens are removed as they expire, parents before their children",
        ["stream_ticket.session_id"] = "sessions are removed as they expire",
        ["tally_change.organization_id"] = "short-lived deltas, written by triggers on rows that have one; no look-up on the hot path",
        ["user_campaign_assignment.assigned_by"] = "may be a platform operator",
        ["user_contact_assignment.assigned_by"] = "may be a platform operator",
        ["whatsapp_account.connected_by"] = "may be a platform operator",
        ["webhook_attempt.actor_id"] = "may be a platform operator",
        ["webhook_attempt.log_id"] = "logs are dropped a month at a time",
        ["webhook_endpoint.created_by"] = "may be a platform operator",
        ["webhook_log.contact_id"] = "a contact that was merged leads to the other one; erasing takes it away",
        ["webhook_payload.delivery_id"] = "payloads and deliveries are dropped a month at a time",
        ["webhook_payload.log_id"] = "logs and payloads are dropped a month at a time",
        ["webhook_receipt.log_id"] = "logs are dropped a month at a time",
        ["webhook_rejection.readmitted_by"] = "may be a platform operator",
        ["webhook_rejection.readmitted_log_ids"] = "logs are dropped a month at a time",
    };

    [Fact]
    public Task Row_level_security_is_enabled_and_forced_on_every_table_and_partition() => database.AssertNoneAsync("""
        select c.relname from pg_class c
        where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
        """);

    [Fact]
    public Task Every_tenant_table_has_an_organization_id() => database.AssertExceptionsAsync(TablesOfNoOrganization, """
        select c.relname from pg_class c
        where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and a.atttypid = 'uuid'::regtype)
        """);

    [Fact]
    public Task Every_row_belongs_to_an_organization() => database.AssertExceptionsAsync(RowsOfNoOrganization, """
        select c.relname from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id'
        where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and not a.attnotnull
        """);

    [Fact]
    public async Task Only_users_of_platform_roles_belong_to_no_organization() => Assert.Equal(
        ["CHECK (((role = ANY (ARRAY['sb_admin'::text, 'sb_operator'::text])) = (organization_id IS NULL)))"],
        await database.QueryAsync<string>(
            "select pg_get_constraintdef(oid) from pg_constraint where conname = 'user_role_organization_check'"));

    [Fact]
    public Task Foreign_keys_cannot_cross_organizations() => database.AssertNoneAsync("""
        select f.conname
        from pg_constraint f
        join pg_attribute child on child.attrelid = f.conrelid and child.attname = 'organization_id'
        join pg_attribute parent on parent.attrelid = f.confrelid
            and parent.attname = case f.confrelid when 'app.organization'::regclass then 'id' else 'organization_id' end
        where f.connamespace = 'app'::regnamespace and f.contype = 'f' and f.conparentid = 0
            and not exists (
                select from unnest(f.conkey, f.confkey) k (child, parent) where k.child = child.attnum and k.parent = parent.attnum)
        """);

    [Fact]
    public Task Every_column_that_names_a_row_has_a_foreign_key() => database.AssertExceptionsAsync(IdsWithoutForeignKey, """
        select c.relname || '.' || a.attname
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            and a.atttypid in ('uuid'::regtype, 'uuid[]'::regtype) and a.attname <> 'id'
            and not exists (select from pg_constraint f where f.conrelid = c.oid and f.contype = 'f' and a.attnum = any (f.conkey))
        """);

    [Fact]
    public Task Unique_values_are_unique_within_an_organization() => database.AssertExceptionsAsync(GlobalValues, """
        select u.relname
        from pg_index i
        join pg_class c on c.oid = i.indrelid
        join pg_class u on u.oid = i.indexrelid
        where c.relnamespace = 'app'::regnamespace and not c.relispartition and i.indisunique
            and c.relname not in ('schema_migration', 'schema_definition')
            and not exists (
                select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and a.attnum = any (i.indkey))
            -- A uuid alone is nobody's value.
            and not (i.indnkeyatts = 1 and exists (
                select from pg_attribute a
                where a.attrelid = c.oid and a.attname = 'id' and a.atttypid = 'uuid'::regtype and a.attnum = i.indkey[0]))
        """);

    /// <summary>What children reference, and what distributing by organization needs.</summary>
    [Fact]
    public Task Every_tenant_table_with_an_id_is_unique_by_organization_and_id() => database.AssertNoneAsync("""
        select c.relname
        from pg_class c
        join pg_attribute id on id.attrelid = c.oid and id.attname = 'id'
        join pg_attribute organization on organization.attrelid = c.oid and organization.attname = 'organization_id'
        left join pg_partitioned_table p on p.partrelid = c.oid
        where c.relnamespace = 'app'::regnamespace and not c.relispartition and c.relkind in ('r', 'p')
            and not exists (
                select from pg_index i
                where i.indrelid = c.oid and i.indisunique and i.indpred is null and i.indkey[0] = organization.attnum
                    and id.attnum = any (i.indkey) and i.indnkeyatts = 2 + coalesce(p.partnatts, 0))
        """);

    [Fact]
    public Task Foreign_keys_are_indexed_where_they_reference_from() => database.AssertExceptionsAsync(ForeignKeysWithoutIndex, """
        select f.conname
        from pg_constraint f
        join pg_attribute o on o.attrelid = f.conrelid and o.attname = 'organization_id'
        where f.connamespace = 'app'::regnamespace and f.contype = 'f' and f.conparentid = 0
            and not exists (
                select from pg_index i
                cross join lateral (
                    select min(k.n) filter (where not k.attnum = any (f.conkey)) as length
                    from unnest(i.indkey::int2[]) with ordinality k (attnum, n)) prefix
                where i.indrelid = f.conrelid
                    -- The index begins with columns of the key that tell more than the organization.
                    and exists (
                        select from unnest(i.indkey::int2[]) with ordinality k (attnum, n)
                        where k.attnum = any (f.conkey) and k.n < coalesce(prefix.length, 100)
                            and (k.attnum <> o.attnum or cardinality(f.conkey) = 1))
                    -- Equality implies "is not null", and no other condition.
                    and (i.indpred is null or exists (
                        select from pg_attribute a
                        where a.attrelid = f.conrelid and a.attnum = any (f.conkey)
                            and pg_get_expr(i.indpred, i.indrelid) = format('(%I IS NOT NULL)', a.attname))))
        """);

    [Fact]
    public Task Points_in_time_carry_their_zone() => database.AssertNoneAsync("""
        select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, null)
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'app'::regnamespace and format_type(a.atttypid, null) ~ '^(timestamp|time)' and a.atttypid not in ('timestamptz'::regtype, 'timestamptz[]'::regtype)
        """);

    [Fact]
    public Task Tables_are_named_in_the_singular() => database.AssertNoneAsync("""
        select c.relname from pg_class c
        where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition and c.relname ~ '[^s]s$'
            -- Named so by the specification.
            and c.relname not in ('lead_details', 'genesys_users', 'conversation_assignments')
        """);
}
