using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Timers;

/// <summary>Work of a timer that was due twenty times, and what must be in the database after any number of runs.</summary>
/// <param name="Arrange">Makes the work for an organization.</param>
/// <param name="Effect">A statement about <c>@organization</c> that returns one row.</param>
/// <param name="Expected">That row's members.</param>
internal sealed record TimerCase(Func<ClockedApp, Guid, Task> Arrange, string Effect, object Expected)
{
    private const int Count = 20;

    /// <summary>A case of every timer, by name.</summary>
    internal static IReadOnlyDictionary<string, TimerCase> All { get; } = new Dictionary<string, TimerCase>(StringComparer.Ordinal)
    {
        ["ApplyWebhookRetention"] = new(
            async (app, organization) =>
            {
                for (var i = 0; i < Count; i++)
                {
                    await app.CreateWebhookLogAsync(organization, createdAt: app.Time.GetUtcNow().AddDays(-95), contactEmail: null);
                }
            },
            // What the statistics count is what is left, not what was deleted twice.
            """
            select (select count(*)::int from app.webhook_log where organization_id = @organization) as logs,
                (select count(*)::int from app.webhook_payload where organization_id = @organization) as payloads,
                (select coalesce(sum(change), 0)::int from app.tally_change where organization_id = @organization and subject = 'webhook_log' and status is not null)
                    + (select coalesce(sum(processed), 0)::int from app.webhook_log_tally where organization_id = @organization and period = 'ever') as counted
            """,
            new { Logs = 0, Payloads = 0, Counted = 0 }),
        ["AssignQueuedContacts"] = new(
            async (app, organization) =>
            {
                var owner = await app.CreateUserAsync("owner", organization);
                using var client = app.As(owner);
                var members = await app.CreateMembersAsync(organization, 2);
                await app.ExecuteAsync(
                    "update app.user set status = 'disabled' where organization_id = @organization and role = 'member'",
                    new { organization });
                await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted(members, 1, 1)));
                await client.AutoAssignAsync(await app.CreateContactsAsync(organization, Count));
                await app.ExecuteAsync(
                    "update app.user set status = 'active' where organization_id = @organization and role = 'member'",
                    new { organization });
            },
            """
            select (select count(*)::int from app.assignment_queue where organization_id = @organization) as waiting,
                count(*)::int as assignments, count(distinct contact_id)::int as contacts, count(distinct user_id)::int as users,
                (select sum(count)::int from app.notification where organization_id = @organization) as notified
            from app.user_contact_assignment where organization_id = @organization and status = 'active'
            """,
            new { Waiting = 0, Assignments = Count, Contacts = Count, Users = 2, Notified = Count }),
        ["AssignWaitingConversations"] = new(
            async (app, organization) =>
            {
                await app.TakeTurnsAsync(organization);
                await app.CreatePresentAgentAsync(organization, app.Time.GetUtcNow().UtcDateTime.AddHours(1));
                await app.CreatePresentAgentAsync(organization, app.Time.GetUtcNow().UtcDateTime.AddHours(1));
                for (var i = 0; i < Count; i++)
                {
                    await app.CreateConversationAsync(organization);
                }
            },
            """
            select count(*)::int as assignments, count(distinct conversation_id)::int as conversations, max(a.of_user)::int as most,
                (select count(*)::int from app.conversation where organization_id = @organization and status = 'open') as waiting,
                (select sum(count)::int from app.notification where organization_id = @organization) as notified
            from (select *, count(*) over (partition by user_id) as of_user from app.conversation_assignment) a
            where organization_id = @organization and ended_at is null
            """,
            new { Assignments = Count, Conversations = Count, Most = Count / 2, Waiting = 0, Notified = Count }),
        ["CheckWebhookSilence"] = new(
            async (app, organization) =>
            {
                await app.CreateUserAsync("owner", organization);
                for (var i = 0; i < Count; i++)
                {
                    await app.CreateEndpointAsync(organization, expectEvery: "1h");
                }
                await app.ExecuteAsync(
                    "update app.webhook_endpoint set created_at = @past, updated_at = @past where organization_id = @organization",
                    new { organization, past = app.Now.AddHours(-2) });
            },
            """
            select (select count(*)::int from app.webhook_endpoint where organization_id = @organization and silent_since is not null) as silent,
                count(*)::int as notifications, sum(count)::int as notified
            from app.notification where organization_id = @organization
            """,
            new { Silent = Count, Notifications = Count, Notified = Count }),
        ["DeleteExpiredFiles"] = new(
            async (app, organization) =>
            {
                var source = await app.CreateSourceAsync(organization, type: "csv");
                await app.ExecuteAsync("""
                    insert into app.data_source_file (organization_id, data_source_id, name, size_bytes, rows, sha256, created_at)
                    select @organization, @source, 'people.csv', 1, 1, 'a', @old from generate_series(1, @Count)
                    """, new { organization, source, old = app.Now.AddDays(-31), Count });
            },
            "select count(*)::int as files, count(deleted_at)::int as deleted from app.data_source_file "
            + "where organization_id = @organization",
            new { Files = Count, Deleted = Count }),
        ["ExpireOnboardingLinks"] = new(
            async (app, organization) =>
            {
                var creator = await app.CreateUserAsync("owner", organization);
                await app.ExecuteAsync("""
                    insert into app.onboarding_link (organization_id, token_hash, token_sealed, expires_at, created_by)
                    select @organization, uuid_send(gen_random_uuid()), '\x', @now - interval '1 second', @Id from generate_series(1, @Count)
                    """, new { organization, now = app.Now, creator.Id, Count });
            },
            """
            select (select count(*)::int from app.onboarding_link where organization_id = @organization and status = 'expired') as expired,
                count(*)::int as notifications, sum(count)::int as notified
            from app.notification where organization_id = @organization
            """,
            new { Expired = Count, Notifications = Count, Notified = Count }),
        ["ArchiveAnalyticsCache"] = new(
            (app, organization) => app.ExecuteAsync("""
                insert into app.analytics_cache (organization_id, scope, parameters, data_version, answer, computed_at)
                select @organization, 'organization', n::text, '0', '{}', now() - n * interval '1 day' from generate_series(6, 7 + @Count) n
                """, new { organization, Count }),
            "select count(*)::int as answers, max(parameters) as oldest from app.analytics_cache where organization_id = @organization",
            new { Answers = 1, Oldest = "6" }),
        ["FoldTallies"] = new(
            (app, organization) => app.CreateContactsAsync(organization, Count),
            """
            select (select count(*)::int from app.tally_change where organization_id = @organization) as changes, contacts::int
            from app.organization_tally where organization_id = @organization
            """,
            new { Changes = 0, Contacts = Count }),
        ["ForgetOnboardingAddresses"] = new(
            async (app, organization) =>
            {
                var link = await app.CreateOnboardingLinkAsync(await app.CreateUserAsync("owner", organization));
                await app.ExecuteAsync("""
                    insert into app.onboarding_link_access (organization_id, link_id, ip, kind, at)
                    select @organization, @Id, ('192.0.2.' || n)::inet, 'open', @old from generate_series(1, @Count) n
                    """, new { organization, link.Id, old = app.Now.AddDays(-31), Count });
            },
            "select count(*)::int as accesses, min(ip)::text as first, max(ip)::text as last from app.onboarding_link_access "
            + "where organization_id = @organization",
            new { Accesses = Count, First = "192.0.2.0/24", Last = "192.0.2.0/24" }),
        ["MaintainImportJobs"] = new(
            async (app, organization) =>
            {
                var user = await app.CreateUserAsync("owner", organization);
                var source = await app.CreateSourceAsync(organization);
                var campaign = await app.CreateCampaignAsync(organization);
                for (var i = 0; i < Count; i++)
                {
                    var job = await app.CreateJobAsync(organization, source, campaign, status: "paused", createdBy: user.Id);
                    await app.ExecuteAsync("""
                        update app.import_job set paused_at = @paused where id = @job;
                        insert into app.import_job_log (organization_id, job_id, seq, at, level, message) values (@organization, @job, 2, @old, 'info', 'Old'), (@organization, @job, 3, @now, 'info', 'New');
                        """, new { organization, job, paused = app.Now.AddDays(-31), old = app.Now.AddDays(-91), now = app.Now });
                }
            },
            """
            select (select count(*)::int from app.import_job where organization_id = @organization and status = 'cancelled') as cancelled,
                (select count(*)::int from app.import_job_log where organization_id = @organization and message = 'Old') as old_lines,
                (select count(*)::int from app.import_job_log where organization_id = @organization and message = 'New') as new_lines,
                (select sum(count)::int from app.notification where organization_id = @organization) as notified
            """,
            new { Cancelled = Count, Old_lines = 0, New_lines = Count, Notified = Count }),
        ["MaintainLiveEvents"] = new(
            async (app, organization) =>
            {
                var user = await app.CreateUserAsync("owner", organization);
                await app.ExecuteAsync("""
                    select app.ensure_live_event_partitions(now() - interval '9 days', 5);
                    insert into app.stream_ticket (organization_id, user_id, session_id, token_hash, channels, created_at, expires_at)
                    select @organization, @Id, @Id, uuid_send(gen_random_uuid()), '{}', @now - interval '1 minute', @now from generate_series(1, @Count)
                    """, new { organization, user.Id, now = app.Now, Count });
                await app.ExecuteAsync($"drop table if exists app.live_event_{DateTime.UtcNow.AddDays(7):yyyy_MM_dd}");
            },
            // Of those of long ago, the one of four days ago may still be needed.
            """
            select (select count(*)::int from app.stream_ticket where organization_id = @organization) as tickets,
                count(*) filter (where to_date(right(relname, 10), 'YYYY_MM_DD') < current_date - 4)::int as old,
                count(*) filter (where to_date(right(relname, 10), 'YYYY_MM_DD') between current_date and current_date + 7)::int as coming
            from pg_class where relnamespace = 'app'::regnamespace and relispartition and relkind = 'r' and relname like 'live\_event\_%'
            """,
            new { Tickets = 0, Old = 0, Coming = 8 }),
        ["MaintainPartitions"] = new(
            async (app, _) =>
            {
                foreach (var table in (string[])["webhook_log", "webhook_payload", "webhook_delivery", "activity", "message"])
                {
                    await app.ExecuteAsync(
                        $"drop table if exists app.{table}_{app.Now.AddMonths(3):yyyy_MM}, app.{table}_{app.Now.AddMonths(2):yyyy_MM}");
                }
            },
            """
            select count(*)::int as partitions from pg_class
            where relnamespace = 'app'::regnamespace and relispartition and relrowsecurity and relforcerowsecurity and relkind = 'r'
                and (relname like '%' || to_char(@now + interval '3 months', '_YYYY_MM') or relname like '%' || to_char(@now + interval '2 months', '_YYYY_MM'))
            """,
            new { Partitions = 10 }),
        ["ProcessPendingWebhooks"] = new(
            async (app, organization) =>
            {
                var campaign = await app.CreateCampaignAsync(organization, "c-1", "c-1");
                await app.AssignAsync(organization, "campaign", campaign);
                await app.ExecuteAsync(
                    "update app.user_campaign_assignment set role = 'owner' where organization_id = @organization", new { organization });
                for (var i = 0; i < Count; i++)
                {
                    await app.CreateWebhookLogAsync(
                        organization, "pending", eventType: "email.replied", dueAt: app.Now.AddSeconds(-1),
                        body: $$"""{"event_type": "reply_received", "timestamp": "2026-01-15T09:30:00Z", "lead_email": "lead{{i}}@prospect.example", "campaign_id": "c-1"}""");
                }
            },
            """
            select (select count(*)::int from app.webhook_log where organization_id = @organization and status = 'processed') as processed,
                (select count(*)::int from app.activity where organization_id = @organization) as activities,
                (select sum(replied_count)::int from app.lead where organization_id = @organization) as replies,
                (select sum(count)::int from app.notification where organization_id = @organization) as notified
            """,
            new { Processed = Count, Activities = Count, Replies = Count, Notified = Count }),
        ["PruneNotifications"] = new(
            async (app, organization) =>
            {
                var user = await app.CreateUserAsync("owner", organization);
                for (var i = 0; i < Count; i++)
                {
                    await app.CreateNotificationAsync(user, createdAt: app.Now.AddDays(-91));
                }
                await app.CreateNotificationAsync(user, createdAt: app.Now.AddDays(-89));
            },
            "select count(*)::int as notifications from app.notification where organization_id = @organization",
            new { Notifications = 1 }),
        ["PruneSignIns"] = new(
            async (app, organization) =>
            {
                var user = await app.CreateUserAsync("owner", organization);
                await app.ExecuteAsync("""
                    insert into app.refresh_token (id, family_id, organization_id, user_id, token_hash, created_at, expires_at)
                    select gen_random_uuid(), gen_random_uuid(), @organization, @Id, uuid_send(gen_random_uuid()), @old, @old + interval '14 days'
                    from generate_series(1, @Count)
                    """, new { organization, user.Id, old = app.Now.AddDays(-30), Count });
            },
            "select count(*)::int as tokens from app.refresh_token where organization_id = @organization",
            new { Tokens = 0 }),
        ["RunImportJobs"] = new(
            async (app, organization) =>
            {
                var user = await app.CreateUserAsync("owner", organization);
                for (var i = 0; i < Count; i++)
                {
                    var source = await app.CreateSourceAsync(organization);
                    TestSources.Describe(
                        source, TestSources.Pages([.. Enumerable.Range(0, 5).Select(n => TestSources.Person($"{source}-{n}"))], 2));
                    await app.CreateJobAsync(organization, source, status: "running", createdBy: user.Id);
                }
            },
            """
            select (select count(*)::int from app.import_job where organization_id = @organization and status = 'completed') as completed,
                (select count(*)::int from app.lead where organization_id = @organization) as leads,
                (select sum(count)::int from app.notification where organization_id = @organization) as notified
            """,
            new { Completed = Count, Leads = Count * 5, Notified = Count }),
        ["RescoreLeads"] = new(
            async (app, organization) =>
            {
                for (var i = 0; i < Count; i++)
                {
                    await app.CreateLeadAsync(organization, priority: "high", score: 99, lastActivityAt: app.Now.AddDays(-28));
                }
                await app.ExecuteAsync("update app.lead set score = 99 where organization_id = @organization", new { organization });
            },
            // 10 + 12 + 15 × 0.5².
            "select count(*)::int as leads, min(score)::int as lowest, max(score)::int as highest from app.lead "
            + "where organization_id = @organization",
            new { Leads = Count, Lowest = 26, Highest = 26 }),
        ["SendQueuedMessages"] = new(
            async (app, organization) =>
            {
                var chat = await app.CreateChatAsync(organization);
                for (var i = 0; i < Count; i++)
                {
                    await app.CreateOutboundAsync(organization, chat, "sending");
                }
                await app.ExecuteAsync("""
                    insert into app.message_queue (organization_id, message_id, message_created_at, conversation_id, due_at, lease_owner, lease_until)
                    select m.organization_id, m.id, m.created_at, m.conversation_id, m.created_at, gen_random_uuid(), @past
                    from app.message m where m.organization_id = @organization
                    """, new { organization, past = app.Now.AddSeconds(-1) });
            },
            """
            select (select count(*)::int from app.message where organization_id = @organization and status = 'unknown') as unknown,
                count(*)::int as undecided
            from app.message_queue where organization_id = @organization and due_at is null and lease_owner is null
            """,
            new { Unknown = Count, Undecided = Count }),
    };
}
