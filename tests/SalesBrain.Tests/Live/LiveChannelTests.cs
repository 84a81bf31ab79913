using System.Text.Json;
using Npgsql;
using SalesBrain.Core.Live;
using SalesBrain.Core.Values;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Live;

/// <summary>What the triggers of each channel write, asked of the table itself.</summary>
public sealed class LiveChannelTests(TestApp app)
{
    private static readonly string[] Secrets = ["Ada", "Lovelace", "ada@prospect.example", "Secret title", "Secret body", "4917099887766"];

    [Fact]
    public async Task Every_channel_has_triggers_that_write_it()
    {
        var written = await app.QuerySingleAsync<string>("""
            select string_agg(p.prosrc, e'\n') from pg_proc p join pg_trigger t on t.tgfoid = p.oid where p.pronamespace = 'app'::regnamespace
            """);

        Assert.All(LiveChannels.All, channel => Assert.Contains($"'{channel.ToWireName()}'", written, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Leads_are_told_one_by_one_or_by_their_number()
    {
        var organization = await app.CreateOrganizationAsync();
        var agency = await app.CreateAgencyAsync(organization);
        var lead = await app.CreateLeadAsync(organization, "Ada", "Lovelace", email: "ada@prospect.example", agencyId: agency);
        await app.ExecuteAsync("update app.lead set status = 'qualified' where id = @lead", new { lead });
        await app.ExecuteAsync("update app.lead set deleted_at = now() where id = @lead", new { lead });
        await app.CreateContactsAsync(organization, 101, score: 1);

        var told = await ToldAsync(organization, "lead_change");

        Assert.Equal(["created", "updated", "deleted", "created"], told.Select(change => change.Kind));
        Assert.All(told[..3], change => Assert.Equal((agency, lead), (change.AgencyId!.Value, change.EntityId!.Value)));
        JsonElement.Parse(told[1].Data).AssertIncludes(new { Status = "qualified" });
        Assert.Null(told[3].EntityId);
        JsonElement.Parse(told[3].Data).AssertIncludes(new { Leads = 101 });
        await AssertNothingSaidAsync(organization);
    }

    [Fact]
    public async Task Notifications_are_told_to_their_user_when_they_are_new_or_count_more()
    {
        var user = await app.CreateUserAsync("member");
        var id = await app.CreateNotificationAsync(user, "Secret title");
        await app.ExecuteAsync("update app.notification set count = 3, body = 'Secret body' where id = @id", new { id });
        await app.ExecuteAsync("update app.notification set read_at = now() where id = @id", new { id });

        var told = await ToldAsync(user.OrganizationId!.Value, "new_notification");

        Assert.Equal(["created", "updated"], told.Select(change => change.Kind));
        Assert.All(
            told,
            change => Assert.Equal((LiveAudience.Person, user.Id, id), (change.Audience, change.UserId!.Value, change.EntityId!.Value)));
        JsonElement.Parse(told[1].Data).AssertIncludes(new { Type = "email.replied", Count = 3 });
        await AssertNothingSaidAsync(user.OrganizationId.Value);
    }

    [Fact]
    public async Task Assignments_are_told_when_they_change_but_not_when_interactions_are_counted()
    {
        var user = await app.CreateUserAsync("member");
        var organization = user.OrganizationId!.Value;
        var (campaign, contact) = (await app.CreateCampaignAsync(organization), await app.CreateContactAsync(organization, "ada@prospect.example"));
        await app.ExecuteAsync("""
            insert into app.user_campaign_assignment (organization_id, user_id, campaign_id) values (@organization, @Id, @campaign);
            update app.user_campaign_assignment set role = 'owner' where organization_id = @organization;
            update app.user_campaign_assignment set updated_at = now() where organization_id = @organization;
            delete from app.user_campaign_assignment where organization_id = @organization;
            insert into app.user_contact_assignment (organization_id, user_id, contact_id) values (@organization, @Id, @contact);
            update app.user_contact_assignment set interactions_count = 5, last_contacted_at = now() where organization_id = @organization;
            update app.user_contact_assignment set status = 'inactive' where organization_id = @organization;
            """, new { organization, user.Id, campaign, contact });

        var told = await ToldAsync(organization, "assignment_change");

        Assert.Equal(
            ["campaign_assignment created", "campaign_assignment updated", "campaign_assignment deleted", "contact_assignment created", "contact_assignment updated"],
            told.Select(change => $"{change.Entity} {change.Kind}"));
        Assert.All(told, change => Assert.Equal((user.Id, LiveAudience.Readers), (change.UserId!.Value, change.Audience)));
        Assert.All(told[..3], change => Assert.Equal(campaign, change.CampaignId));
        JsonElement.Parse(told[4].Data).AssertIncludes(new { ContactId = contact, Status = "inactive" });
        await AssertNothingSaidAsync(organization);
    }

    [Fact]
    public async Task Webhook_logs_are_told_by_their_number_and_status()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.CreateWebhookLogAsync(organization, "dead");
        await app.ExecuteAsync("update app.webhook_log set status = 'ignored' where organization_id = @organization", new { organization });
        await app.ExecuteAsync(
            "update app.webhook_log set status = 'ignored' where organization_id = @organization and status = 'pending'",
            new { organization });

        var told = await ToldAsync(organization, "webhook_log_change");

        Assert.Equal(
            [("created", """{"dead": 1}"""), ("updated", """{"ignored": 1}""")], told.Select(change => (change.Kind, change.Data)));
    }

    [Fact]
    public async Task Import_jobs_and_data_sources_are_told_with_status_and_counters()
    {
        var organization = await app.CreateOrganizationAsync();
        var (source, job) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await app.ExecuteAsync("""
            insert into app.data_source (id, organization_id, name, type, requests_per_minute) values (@source, @organization, 'Lovelace', 'csv', 5);
            update app.data_source set next_request_at = now() where id = @source;
            update app.data_source set status = 'active' where id = @source;
            insert into app.import_job (id, organization_id, data_source_id, name) values (@job, @organization, @source, 'Ada');
            update app.import_job set status = 'running' where id = @job;
            update app.import_job set lease_owner = @job, lease_until = now() where id = @job;
            update app.import_job set processed = 5, created = 4, failed = 1 where id = @job;
            """, new { organization, source, job });

        var (sources, jobs) = (await ToldAsync(organization, "data_source_change"), await ToldAsync(organization, "job_status_change"));

        Assert.Equal(["created", "updated"], sources.Select(change => change.Kind));
        Assert.All(sources, change => Assert.Equal((LiveAudience.DataSource, source), (change.Audience, change.EntityId!.Value)));
        JsonElement.Parse(sources[1].Data).AssertIncludes(new { Status = "active" });
        Assert.Equal(["created", "updated", "updated"], jobs.Select(change => change.Kind));
        Assert.All(jobs, change => Assert.Equal((LiveAudience.Job, job), (change.Audience, change.EntityId!.Value)));
        JsonElement.Parse(jobs[2].Data).AssertIncludes(new { Status = "running", Processed = 5, Created = 4, Failed = 1 });
        await AssertNothingSaidAsync(organization);
    }

    [Fact]
    public async Task Conversations_are_told_with_status_and_counters_and_move_away_from_their_former_user()
    {
        var organization = await app.CreateOrganizationAsync();
        var (first, second) = (await app.CreateUserAsync("agent", organization), await app.CreateUserAsync("agent", organization));
        var conversation = await app.CreateConversationAsync(
            organization, peerId: "4917099887766", peerName: "Ada Lovelace", preview: "Secret body");
        foreach (var user in new[] { first.Id, second.Id })
        {
            await app.ExecuteAsync(
                "update app.conversation set status = 'assigned', assigned_to = @user, unread_count = unread_count + 1 "
                + "where id = @conversation",
                new { user, conversation });
        }
        await app.ExecuteAsync("delete from app.conversation where id = @conversation", new { conversation });

        var told = await ToldAsync(organization, "conversation_change");

        Assert.Equal(
            [("created", null), ("moved", null), ("updated", first.Id), ("moved", first.Id), ("updated", second.Id), ("deleted", second.Id)],
            told.Select(change => (change.Kind, change.UserId)));
        Assert.All(told, change => Assert.Equal((LiveAudience.Conversation, conversation), (change.Audience, change.EntityId!.Value)));
        JsonElement.Parse(told[4].Data).AssertIncludes(new { Status = "assigned", AssignedTo = second.Id, UnreadCount = 2 });
        await AssertNothingSaidAsync(organization);
    }

    [Fact]
    public async Task Messages_are_told_one_by_one_or_by_their_number_to_those_who_see_the_conversation()
    {
        var agent = await app.CreateUserAsync("agent");
        var organization = agent.OrganizationId!.Value;
        var conversation = await app.CreateConversationAsync(organization, assignedTo: agent.Id);
        var message = await app.CreateMessageAsync(conversation, "outbound", "Secret body", status: "queued");
        await app.ExecuteAsync("update app.message set status = 'sent' where id = @message", new { message });
        await app.ExecuteAsync("""
            insert into app.message (id, organization_id, conversation_id, direction, type, text, status, occurred_at, created_at, updated_at)
            select gen_random_uuid(), @organization, @conversation, 'inbound', 'text', 'Secret body', 'delivered', now(), now(), now() from generate_series(1, 101)
            """, new { organization, conversation });

        var told = await ToldAsync(organization, "conversation_message");

        Assert.Equal(
            [("created", message), ("updated", message), ("created", (Guid?)null)], told.Select(change => (change.Kind, change.EntityId)));
        Assert.All(told, change => Assert.Equal((LiveAudience.Conversation, agent.Id), (change.Audience, change.UserId!.Value)));
        JsonElement.Parse(told[1].Data).AssertIncludes(new { ConversationId = conversation, Direction = "outbound", Status = "sent" });
        JsonElement.Parse(told[2].Data).AssertIncludes(new { ConversationId = conversation, Messages = 101 });
        await AssertNothingSaidAsync(organization);
    }

    [Fact]
    public async Task Missing_partition_costs_the_event_and_not_the_change()
    {
        await using var connection = new NpgsqlConnection(app.Database.Owner);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var user = await app.CreateUserAsync("member");
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand($"""
            set local lock_timeout = '10s';
            alter table app.live_event rename to live_event_kept;
            create table app.live_event (like app.live_event_kept including defaults) partition by range (at);
            do $$ begin execute 'alter table app.' || app.live_event_partition(now()) || ' rename to partition_of_today'; end $$;
            insert into app.notification (organization_id, user_id, type, title, body, burst_key, burst_at)
            values ('{user.OrganizationId}', '{user.Id}', 'email.replied', 'Title', 'Body', 'x', now())
            """, connection, transaction);
        var warnings = new List<string>();
        connection.Notice += (_, notice) => warnings.Add(notice.Notice.MessageText);

        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        Assert.Contains(warnings, warning => warning.StartsWith("there is no partition of app.live_event", StringComparison.Ordinal));
    }

    private async Task<List<LiveChange>> ToldAsync(Guid organization, string channel) => [.. await app.QueryAsync<LiveChange>("""
        select xid::text::bigint as xid, number, organization_id, agency_id, client_id, user_id, audience, channel, kind, entity, entity_id, campaign_id,
            data::text as data, at
        from app.live_event where organization_id = @organization and channel = @channel order by xid, number
        """, new { organization, channel })];

    /// <summary>Nothing but ids, status and numbers is in any event.</summary>
    private async Task AssertNothingSaidAsync(Guid organization)
    {
        var text = string.Concat(await app.QueryAsync<string>(
            "select e::text from app.live_event e where organization_id = @organization", new { organization }));
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }
}
