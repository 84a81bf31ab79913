using System.Text.RegularExpressions;
using Npgsql;

namespace SalesBrain.Tests.Database;

/// <summary>
/// What holds for every policy, view, function and grant of schema <c>app</c> and for the two logins, asked of PostgreSQL's catalog.
/// </summary>
public partial class CatalogAccessTests(ClonedDatabase database) : IClassFixture<ClonedDatabase>
{
    /// <summary>Definer functions and who may execute them, beside their owner. Nobody = called as triggers only.</summary>
    private static readonly Dictionary<string, string> Definers = new()
    {
        ["find_sign_in"] = "salesbrain_platform",
        ["find_onboarding_link"] = "salesbrain_platform",
        ["note_onboarding_link_access"] = "salesbrain_platform",
        ["open_refresh_token"] = "salesbrain_platform",
        ["open_password_token"] = "salesbrain_platform",
        ["open_email_change"] = "salesbrain_platform",
        ["end_sessions_of_user"] = "nobody",
        ["end_sessions_for_email_change"] = "nobody",
        ["ensure_month_partitions"] = "salesbrain_platform",
        ["drop_month_partition"] = "salesbrain_platform",
        ["ensure_live_event_partitions"] = "salesbrain_platform",
        ["drop_live_event_partitions"] = "salesbrain_platform",
        ["tell_lead_changes"] = "nobody",
        ["tell_campaign_metrics"] = "nobody",
        ["tell_webhook_log_changes"] = "nobody",
        ["tell_notifications"] = "nobody",
        ["tell_campaign_assignments"] = "nobody",
        ["tell_contact_assignments"] = "nobody",
        ["tell_import_jobs"] = "nobody",
        ["tell_data_sources"] = "nobody",
        ["count_lead_changes"] = "nobody",
        ["raise_webhook_log_version"] = "nobody",
        ["raise_webhook_log_version_of_campaign"] = "nobody",
        ["tally_contacts"] = "nobody",
        ["tally_leads"] = "nobody",
        ["tally_webhook_logs"] = "nobody",
        ["note_lead_analytics"] = "nobody",
        ["note_activity_analytics"] = "nobody",
        ["note_analytics"] = "nobody",
        ["note_many_analytics"] = "nobody",
        ["fold_analytics"] = "salesbrain_platform",
        ["ask_analytics_zone"] = "salesbrain_platform",
        ["contacts_owned"] = "salesbrain_tenant, salesbrain_platform",
        ["fold_tally_changes"] = "salesbrain_platform",
        ["assign_contacts"] = "salesbrain_tenant, salesbrain_platform",
        ["notify_assigned"] = "salesbrain_tenant, salesbrain_platform",
        ["check_contact_ownership"] = "nobody",
        ["keep_an_owner"] = "nobody",
        ["note_lead_recency"] = "nobody",
        ["note_lead_status"] = "nobody",
        ["delete_organization"] = "salesbrain_platform",
        ["count_references"] = "salesbrain_tenant, salesbrain_platform",
        ["find_leads_by_custom_fields"] = "salesbrain_tenant, salesbrain_platform",
        ["find_or_add_contact"] = "salesbrain_tenant, salesbrain_platform",
        ["notify_lead_assignee"] = "salesbrain_tenant, salesbrain_platform",
        ["lock_campaign_counters"] = "salesbrain_platform",
        ["lock_webhook_log_versions"] = "salesbrain_platform",
        ["suppress_returning_person"] = "salesbrain_tenant, salesbrain_platform",
        ["send_message"] = "salesbrain_tenant, salesbrain_platform",
        ["decide_message"] = "salesbrain_tenant, salesbrain_platform",
        ["begin_conversations"] = "salesbrain_platform",
        ["ensure_conversations"] = "salesbrain_tenant, salesbrain_platform",
        ["assign_conversations"] = "salesbrain_platform",
        ["lock_conversation_agents"] = "salesbrain_platform",
        ["assign_new_conversations"] = "salesbrain_platform",
        ["keep_agents_present"] = "salesbrain_platform",
        ["agent_name"] = "salesbrain_tenant, salesbrain_platform",
        ["assign_conversation"] = "salesbrain_tenant, salesbrain_platform",
        ["claim_conversation"] = "salesbrain_tenant, salesbrain_platform",
        ["release_conversation"] = "salesbrain_tenant, salesbrain_platform",
        ["read_conversation"] = "salesbrain_tenant, salesbrain_platform",
        ["search_conversations"] = "salesbrain_tenant, salesbrain_platform",
        ["conversation_assignees"] = "salesbrain_tenant, salesbrain_platform",
        ["conversation_lead"] = "salesbrain_tenant, salesbrain_platform",
        ["release_conversations_of_user"] = "nobody",
        ["end_presence"] = "nobody",
        ["tell_conversations"] = "nobody",
        ["tell_messages"] = "nobody",
        ["erase_contact"] = "salesbrain_tenant, salesbrain_platform",
        ["erase_mentions"] = "salesbrain_tenant, salesbrain_platform",
        ["find_contacts_by_custom_fields"] = "salesbrain_tenant, salesbrain_platform",
        ["find_contact_notifications"] = "salesbrain_tenant, salesbrain_platform",
        ["merge_contacts"] = "salesbrain_tenant, salesbrain_platform",
        ["find_duplicate_contacts"] = "salesbrain_tenant, salesbrain_platform",
        ["check_former_email"] = "nobody",
        ["hold_data_source"] = "salesbrain_tenant, salesbrain_platform",
        ["note_import_job_status"] = "nobody",
        ["undo_import_job"] = "salesbrain_tenant, salesbrain_platform",
        ["preview_import_undo"] = "salesbrain_tenant, salesbrain_platform",
        ["kept_import_rows"] = "salesbrain_tenant, salesbrain_platform",
        ["find_tagged_contacts"] = "salesbrain_tenant, salesbrain_platform",
        ["search_contacts"] = "salesbrain_tenant, salesbrain_platform",
        ["find_tagged_leads"] = "salesbrain_tenant, salesbrain_platform",
        ["search_leads"] = "salesbrain_tenant, salesbrain_platform",
        ["search_rows"] = "salesbrain_tenant, salesbrain_platform",
        ["search_contact_emails"] = "salesbrain_tenant, salesbrain_platform",
        ["search_webhook_logs_without_effect"] = "salesbrain_tenant, salesbrain_platform",
    };

    [Fact]
    public Task Every_tenant_table_is_fenced() => database.AssertNoneAsync("""
        select c.relname
        from pg_class c
        cross join lateral (select format('(%s = ( SELECT app.current_org_id() AS current_org_id))',
            case c.relname when 'organization' then 'id' else 'organization_id' end) as expression) fence
        where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            and c.relname not in ('schema_migration', 'schema_definition', 'sign_in_attempt', 'mail_limit', 'genesys_sign_in', 'onboarding_guess', 'address_hash_key', 'erased_contact', 'import_job_row', 'contact_external_id', 'message_key', 'message_queue', 'whatsapp_pace', 'conversation_pace', 'whatsapp_unrouted')
            and not exists (
                select from pg_policies p
                where p.schemaname = 'app' and p.tablename = c.relname and p.permissive = 'RESTRICTIVE' and p.cmd = 'ALL'
                    and p.roles = '{salesbrain_tenant}' and p.qual = fence.expression and p.with_check = fence.expression)
        """);

    [Fact]
    public Task Tables_without_a_fence_are_closed_to_tenants() => database.AssertNoneAsync("""
        select c.relname || ' ' || p.name
        from pg_class c
        cross join (values ('select'), ('insert'), ('update'), ('references')) p (name)
        where c.relnamespace = 'app'::regnamespace and (c.relname in ('schema_migration', 'schema_definition', 'sign_in_attempt', 'mail_limit', 'genesys_sign_in', 'onboarding_guess', 'address_hash_key', 'erased_contact', 'import_job_row', 'contact_external_id', 'message_key', 'message_queue', 'whatsapp_pace', 'conversation_pace', 'whatsapp_unrouted') or c.relispartition)
            and c.relkind in ('r', 'p') and has_any_column_privilege('salesbrain_tenant', c.oid, p.name)
        """);

    [Fact]
    public Task Policies_name_their_roles() => database.AssertNoneAsync("""
        select p.tablename || '.' || p.policyname || ' ' || p.roles::text from pg_policies p
        where p.schemaname = 'app' and p.roles not in ('{salesbrain_owner}', '{salesbrain_tenant}', '{salesbrain_platform}')
        """);

    /// <summary>Row-level security is forced on the owner too: without a policy the definer functions would see nothing.</summary>
    [Fact]
    public Task The_owner_reaches_every_row() => database.AssertNoneAsync("""
        select c.relname from pg_class c
        where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
            and not exists (
                select from pg_policy p
                where p.polrelid = c.oid and p.polroles = array[c.relowner] and p.polcmd = '*' and p.polpermissive
                    and pg_get_expr(p.polqual, c.oid) = 'true' and pg_get_expr(p.polwithcheck, c.oid) = 'true')
        """);

    /// <summary>Bare, such a call runs for each row; as a sub-select once. Immutable functions cannot ask for the context.</summary>
    [Fact]
    public async Task Policies_ask_for_the_context_once_per_statement()
    {
        var immutable = (await database.QueryAsync<string>("""
            select 'app.' || p.proname || '(' from pg_proc p where p.pronamespace = 'app'::regnamespace and p.provolatile = 'i'
            """)).ToHashSet();
        var policies = await database.QueryAsync<(string Name, string Expression)>("""
            select p.tablename || '.' || p.policyname, concat_ws(' ', p.qual, p.with_check) from pg_policies p where p.schemaname = 'app'
            """);
        Assert.NotEmpty(policies);
        Assert.DoesNotContain(policies, policy =>
            ContextCall().Matches(WrappedContextCall().Replace(policy.Expression, "")).Any(call => !immutable.Contains(call.Value)));
    }

    /// <summary>
    /// "Is admin or same organization" keeps the index on organization_id from being used: the organization is asked for by the fence
    /// alone.
    /// </summary>
    [Fact]
    public Task Only_the_fence_policy_checks_the_organization() => database.AssertNoneAsync("""
        select p.tablename || '.' || p.policyname from pg_policies p
        where p.schemaname = 'app' and p.policyname <> 'fence' and concat(p.qual, p.with_check) like '%current_org_id%'
        """);

    /// <summary>A view runs with its owner's rights unless it says otherwise; a materialized one always shows what its owner saw.</summary>
    [Fact]
    public Task Views_run_as_their_reader() => database.AssertNoneAsync("""
        select c.relname from pg_class c
        where c.relnamespace = 'app'::regnamespace
            and (c.relkind = 'm' or (c.relkind = 'v' and not coalesce(c.reloptions, '{}') @> '{security_invoker=true}'))
        """);

    [Fact]
    public async Task Definer_functions_are_listed_and_each_is_granted()
    {
        var definers = await database.QueryAsync<(string Name, string Executors)>("""
            select p.proname::text, coalesce(
                (select string_agg(case a.grantee when 0 then 'public' else a.grantee::regrole::text end, ', ')
                from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                where a.grantee <> p.proowner), 'nobody')
            from pg_proc p
            where p.pronamespace = 'app'::regnamespace and p.prosecdef
            order by p.proname
            """);
        Assert.Equal(
            Definers.OrderBy(definer => definer.Key, StringComparer.Ordinal).Select(definer => (definer.Key, definer.Value)), definers);
    }

    /// <summary>A body that is parsed when it runs resolves names by the caller's search path, unless it has its own.</summary>
    [Fact]
    public Task Functions_pin_their_search_path() => database.AssertNoneAsync("""
        select p.proname from pg_proc p
        where p.pronamespace = 'app'::regnamespace and (p.prosecdef or p.prosqlbody is null)
            and not coalesce(p.proconfig, '{}') @> '{"search_path=pg_catalog, pg_temp"}'
        """);

    [Fact]
    public Task Logins_have_no_extra_privileges() => database.AssertNoneAsync("""
        select r.rolname from pg_roles r
        where r.rolname in ('salesbrain_tenant', 'salesbrain_platform')
            and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication or not r.rolcanlogin or r.rolconfig is not null)
        union all
        select m.member::regrole || ' is a ' || m.roleid::regrole from pg_auth_members m
        where m.member::regrole::text in ('salesbrain_tenant', 'salesbrain_platform')
        """);

    [Fact]
    public Task The_logins_own_nothing() => database.AssertNoneAsync("""
        select d.refobjid::regrole || ' owns ' || d.classid::regclass || ' ' || d.objid from pg_shdepend d
        where d.deptype = 'o' and d.refclassid = 'pg_authid'::regclass and d.refobjid::regrole::text in ('salesbrain_tenant', 'salesbrain_platform')
        """);

    [Fact]
    public Task Only_the_owner_can_do_more_than_read_and_write_rows() => database.AssertNoneAsync("""
        select c.relname || ': ' || a.privilege_type || ' for ' || case a.grantee when 0 then 'public' else a.grantee::regrole::text end
        from pg_class c
        cross join lateral aclexplode(c.relacl) a
        where c.relnamespace = 'app'::regnamespace and a.grantee <> c.relowner
            and (a.grantee = 0 or a.is_grantable or a.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'USAGE'))
        union all
        select c.relname || '.' || t.attname || ': ' || a.privilege_type || ' for ' || case a.grantee when 0 then 'public' else a.grantee::regrole::text end
        from pg_class c
        join pg_attribute t on t.attrelid = c.oid
        cross join lateral aclexplode(t.attacl) a
        where c.relnamespace = 'app'::regnamespace and a.grantee <> c.relowner
            and (a.grantee = 0 or a.is_grantable or a.privilege_type not in ('SELECT', 'INSERT', 'UPDATE'))
        union all
        select 'schema ' || n.nspname || ': create for ' || l.name
        from pg_namespace n
        cross join (values ('salesbrain_tenant'), ('salesbrain_platform')) l (name)
        where n.nspname !~ '^pg_(toast_)?temp_' and has_schema_privilege(l.name, n.oid, 'create')
        union all
        select 'database: create for ' || l.name
        from (values ('salesbrain_tenant'), ('salesbrain_platform')) l (name)
        where has_database_privilege(l.name, current_database(), 'create')
        union all
        select 'schema app: ' || a.privilege_type || ' for public'
        from pg_namespace n
        cross join lateral aclexplode(n.nspacl) a
        where n.nspname = 'app' and a.grantee = 0
        union all
        select 'default privileges of ' || d.defaclrole::regrole from pg_default_acl d
        """);

    /// <summary>What belongs to no organization, row-level security cannot keep apart.</summary>
    [Fact]
    public Task The_logins_make_no_temporary_tables_and_no_large_objects() => database.AssertNoneAsync("""
        select l.name || ': temporary tables'
        from (values ('salesbrain_tenant'), ('salesbrain_platform')) l (name)
        where has_database_privilege(l.name, current_database(), 'temporary')
        union all
        select l.name || ': ' || p.oid::regprocedure
        from pg_proc p
        cross join (values ('salesbrain_tenant'), ('salesbrain_platform')) l (name)
        where p.pronamespace = 'pg_catalog'::regnamespace and p.proname ~ '^lo(_|read$|write$)' and has_function_privilege(l.name, p.oid, 'execute')
        """);

    [Theory]
    [InlineData("create temporary table t (i integer)")]
    [InlineData("select lo_create(0)")]
    [InlineData("select lo_from_bytea(0, 'x')")]
    public async Task Attempts_are_refused(string statement)
    {
        foreach (var login in new[] { database.Connections.Tenant, database.Connections.Platform })
        {
            await using var connection = new NpgsqlConnection(login);
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand(statement, connection);

            var refused = await Assert.ThrowsAsync<PostgresException>(
                () => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));

            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public async Task The_audit_log_can_only_be_added_to() => Assert.Equal(
        ["salesbrain_platform INSERT", "salesbrain_platform SELECT", "salesbrain_tenant INSERT", "salesbrain_tenant SELECT"],
        await database.QueryAsync<string>("""
            select a.grantee::regrole || ' ' || a.privilege_type
            from pg_class c
            cross join lateral aclexplode(c.relacl) a
            where c.oid = 'app.audit_log'::regclass and a.grantee <> c.relowner
            union all
            select a.grantee::regrole || ' ' || a.privilege_type || ' ' || t.attname
            from pg_attribute t
            cross join lateral aclexplode(t.attacl) a
            where t.attrelid = 'app.audit_log'::regclass
            order by 1
            """));

    [Fact]
    public async Task Password_hashes_cannot_be_read() => Assert.Equal(
        ["salesbrain_platform false", "salesbrain_tenant false"],
        await database.QueryAsync<string>("""
            select l.name || ' ' || has_column_privilege(l.name, 'app.user', 'password_hash', 'select')
            from (values ('salesbrain_platform'), ('salesbrain_tenant')) l (name)
            """));

    [GeneratedRegex(@"\( SELECT app\.\w+\([^()]*\) AS \w+\)", RegexOptions.None, 1000)]
    private static partial Regex WrappedContextCall();

    [GeneratedRegex(@"app\.\w+\(|current_setting|current_user|session_user", RegexOptions.None, 1000)]
    private static partial Regex ContextCall();
}
