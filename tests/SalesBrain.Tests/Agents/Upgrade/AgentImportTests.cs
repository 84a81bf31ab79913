using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.Agents.Upgrade;

/// <summary>Imports of a filled agent-level installation.</summary>
public sealed class AgentImportTests : IAsyncLifetime
{
    private readonly OldInstallation _old = new();

    public ValueTask InitializeAsync() => _old.InitializeAsync();

    public ValueTask DisposeAsync() => _old.DisposeAsync();

    [Fact]
    public async Task Agents_conversations_and_assignments_are_there_and_a_second_run_changes_nothing()
    {
        var report = await _old.ImportAsync();

        Assert.Empty(report.Errors());
        Assert.Equal(
            [
                ("acme", "Ann Archer", "agent", "active", "e0000000-0000-4000-8000-000000000001"),
                ("acme", "Baker, Bob", "agent", "active", "e0000000-0000-4000-8000-000000000002"),
                ("acme", "Cem Cole", "agent", "disabled", "e0000000-0000-4000-8000-000000000003"),
                ("globex", "Eve Evans", "agent", "active", "e0000000-0000-4000-8000-000000000005"),
            ],
            await _old.QueryAsync<(string, string, string, string, string)>("""
                select t.tenant_key, u.first_name, u.role, u.status, g.genesys_user_id
                from app.user u join app.genesys_user g on g.user_id = u.id join app.tenant t on t.organization_id = g.organization_id
                order by 5
                """));
        Assert.Equal(
            [
                ("acme", "491510000001", "assigned", "Ann Archer"), ("acme", "491510000002", "assigned", "Baker, Bob"),
                ("acme", "491510000003", "closed", ""), ("acme", "491510000004", "open", ""),
                ("globex", "491510000001", "assigned", "Eve Evans"),
            ],
            await _old.QueryAsync<(string, string, string, string)>("""
                select t.tenant_key, c.peer_id, c.status, coalesce(u.first_name, '')
                from app.conversation c join app.tenant t on t.organization_id = c.organization_id left join app.user u on u.id = c.assigned_to
                order by 1, 2
                """));
        Assert.Equal(
            [
                ("491510000001", "Ann Archer", "01-10 09:00", "", ""),
                ("491510000002", "Ann Archer", "01-10 10:00", "01-10 11:00", "The conversation was assigned to another agent."),
                ("491510000002", "Baker, Bob", "01-10 11:00", "", ""),
                ("491510000003", "Baker, Bob", "01-08 08:00", "01-08 12:00", "closed"),
                ("491510000003", "Ann Archer", "01-09 08:00", "01-09 09:00", "transferred"),
                ("491510000004", "Cem Cole", "01-07 08:00", "01-20 12:00", "The agent is not active."),
            ],
            await _old.QueryAsync<(string, string, string, string, string)>("""
                select c.peer_id, u.first_name, to_char(a.assigned_at at time zone 'UTC', 'MM-DD HH24:MI'),
                    coalesce(to_char(a.ended_at at time zone 'UTC', 'MM-DD HH24:MI'), ''), coalesce(a.reason, '')
                from app.conversation_assignment a join app.conversation c on c.id = a.conversation_id join app.user u on u.id = a.user_id
                where a.organization_id = @Acme
                order by 1, 3
                """, new { _old.Acme }));
        Assert.Equal(
            ["tenant.agents_imported 2", "user.created 4"],
            await _old.QueryAsync<string>("select action || ' ' || count(*) from app.audit_log group by action order by 1"));
        Assert.Equal((0, 4), ((int)report.Before.Agents, (int)report.After.Agents));
        Assert.Equal((0, 7), ((int)report.Before.Assignments, (int)report.After.Assignments));
        var (written, backups) = (await _old.WrittenAsync(), await BackupsAsync());
        Assert.Equal(1, backups);
        Assert.DoesNotContain("old-access-token", written, StringComparison.Ordinal);

        _old.Time.Advance(TimeSpan.FromDays(1));
        var again = await _old.ImportAsync();

        Assert.Equal("Everything was imported before. Nothing was changed.", again.Lines().Last());
        Assert.Equal(written, await _old.WrittenAsync());
        Assert.Equal(backups, await BackupsAsync());
    }

    [Fact]
    public async Task Report_says_what_is_copied_what_is_left_and_what_is_to_be_done()
    {
        await _old.ExecuteAsync("""
            insert into app.whatsapp_account (organization_id, status, waba_id, phone_number_id, token_sealed) values (@Globex, 'configured', '9001', '9002', '\x00')
            """, new { _old.Globex });

        var report = await _old.ImportAsync();

        Assert.Equal(
            $"""
            Rows of the old tables:
              tenants                                    2
              agents                                     5
              agent_whatsapp_accounts                    3
              agent_sessions                             2
              agent_conversation_assignments             9
            Copied to the schema agents_backup_20260120_120000_000 of the old database:
              tenants                                    2
              agents                                     5
              agent_whatsapp_accounts                    3
              agent_sessions                             2
              agent_conversation_assignments             9
            Agents: 0 have a user already, 4 get one (1 of them disabled).
            Assignments: 0 are there already, 7 are carried over (4 of them ended).
            Rows in these organizations:            before     after
              users who are agents                       0         4
              genesys_user                               0         4
              contact                                    0         5
              conversation                               0         5
              conversation_assignment                    0         7
            Agents who are left out, because they are not active and have no Genesys user: 1.
            Every user gets the role agent. In the old table these have another role: a0000000-0000-4000-8000-000000000002 (supervisor). An owner can give them agent_supervisor.
            Assignments that are not carried over, because their agent is left out or not in the table agents: 1 (c0000000-0000-4000-8000-000000000007).
            Assignments that are not carried over, because they name no person by a WhatsApp id or phone number: 1 (c0000000-0000-4000-8000-000000000008).
            Tenant acme: WhatsApp accounts of agents that are no longer used: 2 (WABA 1001, 1002).
            Tenant acme (Acme Ltd) still needs to connect a WhatsApp account: its status is not connected.
            Tenant globex: WhatsApp accounts of agents that are no longer used: 1 (WABA 1003).
            Imported. The old tables are unchanged.
            """.ReplaceLineEndings("\n"), string.Join('\n', report.Lines()));
        Assert.Equal(
            5, await _old.OldAsync<int>($"select count(*) from {report.BackupSchema}.agents where password_hash = 'old-password-hash'"));
        Assert.False(await _old.OldAsync<bool>($"select has_schema_privilege('salesbrain_tenant', '{report.BackupSchema}', 'usage')"));
    }

    [Fact]
    public async Task Dry_run_reports_the_same_and_changes_nothing()
    {
        var before = await _old.WrittenAsync();

        var tried = await _old.ImportAsync(dryRun: true);

        Assert.Equal("This was a dry run. Nothing was changed.", tried.Lines().Last());
        Assert.Equal((before, 0), (await _old.WrittenAsync(), await BackupsAsync()));
        var done = await _old.ImportAsync();
        var backup = done.Lines().TakeWhile(line => !line.StartsWith("Copied", StringComparison.Ordinal)).Count();
        Assert.Equal(tried.Lines().SkipLast(1), done.Lines().Where((_, i) => i < backup || i > backup + 5).SkipLast(1));
    }

    [Fact]
    public async Task Failure_in_the_middle_leaves_nothing()
    {
        var before = await _old.WrittenAsync();
        await _old.ExecuteAsync("""
            create function app.fail() returns trigger language plpgsql as $$ begin raise 'no more assignments'; end $$;
            create trigger fail before insert on app.conversation_assignment for each row execute function app.fail()
            """);

        var error = await Assert.ThrowsAsync<StartupException>(() => _old.ImportAsync());

        Assert.Equal("ConnectionStrings__SalesBrainPlatform: the database returned an error (no more assignments).", error.Message);
        Assert.Equal((before, 0), (await _old.WrittenAsync(), await BackupsAsync()));
    }

    [Fact]
    public async Task Agent_who_has_signed_in_before_and_a_conversation_that_somebody_has_stay_as_they_are()
    {
        var (signedIn, owner) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await _old.ExecuteAsync("""
            insert into app.user (id, organization_id, email, email_norm, first_name, role) values
                (@signedIn, @Acme, 'x@genesys.invalid', 'x@genesys.invalid', 'Ann', 'agent_supervisor'), (@owner, @Acme, 'o@acme.example', 'o@acme.example', 'Olga', 'owner');
            insert into app.genesys_user (organization_id, user_id, genesys_user_id, genesys_org_id, state)
            values (@Acme, @signedIn, 'e0000000-0000-4000-8000-000000000001', '33333333-3333-4333-8333-333333333333', 'active');
            insert into app.contact (organization_id, phone) values (@Acme, '+491510000001');
            insert into app.conversation (organization_id, contact_id, peer_id, status, assigned_to)
            select @Acme, id, '491510000001', 'assigned', @owner from app.contact;
            insert into app.conversation_assignment (organization_id, conversation_id, user_id, assigned_at) select @Acme, id, @owner, now() from app.conversation
            """, new { _old.Acme, signedIn, owner });

        var report = await _old.ImportAsync();

        Assert.Equal(3, report.AddedAgents.Count);
        Assert.Equal(("Ann", "agent_supervisor"), (await _old.QueryAsync<(string, string)>("select first_name, role from app.user where id = @signedIn", new { signedIn })).Single());
        Assert.Equal(
            [("Ann", true, "Another agent has the conversation."), ("Olga", false, "")],
            await _old.QueryAsync<(string, bool, string)>("""
                select u.first_name, a.ended_at is not null, coalesce(a.reason, '')
                from app.conversation c join app.conversation_assignment a on a.conversation_id = c.id join app.user u on u.id = a.user_id
                where c.organization_id = @Acme and c.peer_id = '491510000001' and c.assigned_to = @owner
                order by 1
                """, new { _old.Acme, owner }));
    }

    [Fact]
    public async Task Without_a_mapping_agents_with_Genesys_ids_of_their_own_are_imported_from_the_fewest_columns()
    {
        await _old.OldAsync("""
            drop table agents, agent_whatsapp_accounts, agent_sessions, agent_conversation_assignments, tenants;
            create table tenants (id integer, tenant_key text);
            create table agents (id integer, tenant_id integer, genesys_user_id text);
            create table agent_whatsapp_accounts (agent_id integer);
            create table agent_sessions (id integer);
            create table agent_conversation_assignments (id integer, agent_id integer, conversation_id text);
            insert into tenants values (1, 'acme');
            insert into agents values (7, 1, ' E0000000-0000-4000-8000-000000000007 ');
            insert into agent_conversation_assignments values (1, 7, '491510000009'), (2, 7, '12345')
            """);

        var report = await _old.ImportAsync([]);

        Assert.Equal((1, 1), (report.AddedAgents.Count, report.AddedAssignments.Count));
        Assert.Equal(("e0000000-0000-4000-8000-000000000007", "491510000009"), (await _old.QueryAsync<(string, string)>(
            "select g.genesys_user_id, c.peer_id from app.genesys_user g join app.conversation c on c.assigned_to = g.user_id")).Single());
    }

    [Fact]
    public async Task Corrected_mapping_of_an_imported_agent_is_refused()
    {
        await _old.ImportAsync();

        var report = await _old.ImportAsync(mapping: (await File.ReadAllTextAsync(OldInstallation.MappingFile, TestContext.Current.CancellationToken))
            .Replace("E0000000-0000-4000-8000-000000000001", "another", StringComparison.Ordinal));

        Assert.Equal(
            "Agent a0000000-0000-4000-8000-000000000001: an earlier import connected the agent with another Genesys user than another.",
            Assert.Single(report.Plan.Errors));
    }

    private Task<int> BackupsAsync() => _old.CountBackupsAsync();
}
