using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SalesBrain.Functions.Http.Responses;
using SalesBrain.Functions.Live;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Live;

public sealed class StreamEventsTests(TestApp app)
{
    private const string Poll = EventStream.Events + "?wait=5&";

    [Fact]
    public async Task Stream_tells_of_a_webhook_and_of_everything_that_it_changed()
    {
        var owner = await app.CreateUserAsync("owner");
        var endpoint = await app.CreateEndpointAsync(owner.OrganizationId!.Value);
        using var client = app.As(owner);
        using var stream = await EventStream.OpenAsync(client, "?channels=lead_change,webhook_log_change&channels=campaign_metrics_update");

        using var delivered = await app.DeliverAsync(endpoint, EndpointWorld.SomeEvent());

        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType?.MediaType);
        Assert.True(stream.Response.Headers.CacheControl?.NoStore);
        var (told, logs) = (new Dictionary<string, JsonElement>(), 0);
        while (logs < 2 || told.Count < 3)
        {
            var frame = await stream.NextAsync();
            Assert.NotNull(frame?.Id);
            told[frame.Event!] = frame.Json;
            logs += frame.Event == "webhook_log_change"
                ? frame.Json.GetProperty("data").EnumerateObject().Sum(status => status.Value.GetInt32())
                : 0;
        }
        told["lead_change"].AssertIncludes(
            new
            {
                Channel = "lead_change",
                Entity = "lead",
                owner.OrganizationId,
                Data = new { Status = "new", AssignedTo = (string?)null },
            });
        told["campaign_metrics_update"]
            .AssertIncludes(new { Kind = "updated", Entity = "campaign", Data = new { LeadsCount = 1, OpenedCount = 1, OpenedLeads = 1 } });
        Assert.Equal(
            told["lead_change"].GetProperty("campaign_id").GetGuid(), told["campaign_metrics_update"].GetProperty("entity_id").GetGuid());
        Assert.DoesNotContain("somebody", string.Concat(told.Values), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_of_a_transaction_that_began_earlier_and_commits_later_are_not_skipped()
    {
        var user = await app.CreateUserAsync("member");
        using var client = app.As(user);
        using var stream = await EventStream.OpenAsync(client, "?channels=new_notification");
        await using var slow = new NpgsqlConnection(app.Database.Owner);
        await slow.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await slow.BeginTransactionAsync(TestContext.Current.CancellationToken);
        var late = Guid.CreateVersion7();
        await using (var insert = new NpgsqlCommand($"""
            insert into app.notification (id, organization_id, user_id, type, title, body, burst_key, burst_at)
            values ('{late}', '{user.OrganizationId}', '{user.Id}', 'email.replied', 'Title', 'Body', '{late}', now())
            """, slow, transaction))
        {
            await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        var quick = await app.CreateNotificationAsync(user);
        var page = await client.GetDataAsync(EventStream.Events + "?wait=0&channels=new_notification");
        Assert.Empty(page.GetProperty("events").EnumerateArray());

        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        var (first, second) = (await stream.NextAsync(), await stream.NextAsync());
        Assert.Equal([late, quick], new[] { first!, second! }.Select(frame => frame.Json.GetProperty("entity_id").GetGuid()));
        // The numbers are the other way round, or the order would prove nothing.
        var numbers = await app.QueryAsync<long>(
            "select number from app.live_event where organization_id = @OrganizationId order by xid, number", user);
        Assert.Equal(2, numbers.Count);
        var missed = await client.GetDataAsync($"{Poll}after={page.GetProperty("next_after")}");
        Assert.Equal([late, quick], missed.GetProperty("events").EnumerateArray().Select(told => told.GetProperty("entity_id").GetGuid()));
        // Never twice to one cursor.
        using var behind = await EventStream.OpenAsync(client, "?channels=new_notification", first!.Id);
        Assert.Equal(second!.Data, (await behind.NextAsync())?.Data);
    }

    [Fact]
    public async Task What_is_rolled_back_is_not_told()
    {
        var user = await app.CreateUserAsync("owner");
        using var client = app.As(user);
        using var stream = await EventStream.OpenAsync(client);
        await using var connection = new NpgsqlConnection(app.Database.Owner);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await using var insert = new NpgsqlCommand($"""
                insert into app.contact (organization_id, email, email_norm) values ('{user.OrganizationId}', 'a@b.example', 'a@b.example');
                insert into app.lead (organization_id, contact_id) select organization_id, id from app.contact where organization_id = '{user.OrganizationId}'
                """, connection, transaction);
            Assert.Equal(2, await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }

        await stream.AssertNothingBeforeAsync(app, user);
    }

    [Fact]
    public async Task Others_agency_client_organization_and_person_are_not_told()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var (mine, other) = (await app.CreateAgencyAsync(organization), await app.CreateAgencyAsync(organization));
        var (client, otherClient) = (await app.CreateClientAsync(organization, mine), await app.CreateClientAsync(organization, mine));
        TestUser[] listeners =
        [
            await app.CreateUserAsync("agency_staff", organization, other),
            await app.CreateUserAsync("client_user", organization, clientId: otherClient), await app.CreateUserAsync("owner"),
            await app.CreateUserAsync("agency_admin", (await app.CreateUserAsync("owner")).OrganizationId),
        ];
        var streams = await Task.WhenAll(listeners.Select(user => EventStream.OpenAsync(app.As(user))));
        using var own = await EventStream.OpenAsync(app.As(await app.CreateUserAsync("client_user", organization, clientId: client)));

        var lead = await app.CreateLeadAsync(organization, agencyId: mine, clientId: client);
        await app.CreateNotificationAsync(owner);
        await app.CreateWebhookLogAsync(organization);

        Assert.Equal(lead, (await own.NextOnAsync("lead_change")).GetProperty("entity_id").GetGuid());
        foreach (var (stream, user) in streams.Zip(listeners))
        {
            await stream.AssertNothingBeforeAsync(app, user);
            stream.Dispose();
        }
    }

    [Fact]
    public async Task Lead_that_moves_is_told_to_both_agencies()
    {
        var organization = await app.CreateOrganizationAsync();
        var (before, after) = (await app.CreateUserAsync("agency_staff", organization), await app.CreateUserAsync("agency_staff", organization));
        var lead = await app.CreateLeadAsync(organization, agencyId: before.AgencyId);
        using var former = await EventStream.OpenAsync(app.As(before));
        using var present = await EventStream.OpenAsync(app.As(after));

        await app.ExecuteAsync("update app.lead set agency_id = @AgencyId where id = @lead", new { after.AgencyId, lead });

        var heard = await former.NextOnAsync("lead_change");
        if (heard.GetProperty("kind").GetString() == "created")
        {
            heard = await former.NextOnAsync("lead_change");
        }
        heard.AssertIncludes(new { Kind = "moved", EntityId = lead });
        (await present.NextOnAsync("lead_change")).AssertIncludes(new { Kind = "updated", EntityId = lead });
        await former.AssertNothingBeforeAsync(app, before);
        await present.AssertNothingBeforeAsync(app, after);
    }

    [Fact]
    public async Task Filters_are_kept()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var (campaign, other) = (await app.CreateCampaignAsync(organization), await app.CreateCampaignAsync(organization));
        using var stream = await EventStream.OpenAsync(app.As(owner), $"?campaign_id={campaign}&channels=lead_change,new_notification");

        await app.CreateLeadAsync(organization, campaignId: other);
        var lead = await app.CreateLeadAsync(organization, campaignId: campaign);
        var notification = await app.CreateNotificationAsync(owner);

        Assert.Equal(lead, (await stream.NextOnAsync("lead_change")).GetProperty("entity_id").GetGuid());
        Assert.Equal(notification, (await stream.NextOnAsync("new_notification")).GetProperty("entity_id").GetGuid());
    }

    [Fact]
    public async Task Long_poll_waits_for_an_event_and_continues_with_its_cursor()
    {
        var user = await app.CreateUserAsync("member");
        using var client = app.As(user);
        var start = (await client.GetDataAsync(EventStream.Events + "?wait=0")).GetProperty("next_after").GetString();
        var waiting = client.GetDataAsync($"{Poll}after={start}&channels=new_notification");
        var first = await app.CreateNotificationAsync(user);

        var page = await waiting;
        var second = await app.CreateNotificationAsync(user);
        var next = await client.GetDataAsync($"{Poll}after={page.GetProperty("next_after")}");

        page.AssertIncludes(new { Resync = false });
        Assert.Equal([first], page.GetProperty("events").EnumerateArray().Select(told => told.GetProperty("entity_id").GetGuid()));
        Assert.Equal([second], next.GetProperty("events").EnumerateArray().Select(told => told.GetProperty("entity_id").GetGuid()));
        Assert.Equal(page.GetProperty("next_after").GetString(), page.GetProperty("events")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Stream_continues_behind_a_cursor_that_only_the_database_remembers()
    {
        var user = await app.CreateUserAsync("owner");
        var organization = user.OrganizationId!.Value;
        var campaign = await app.CreateCampaignAsync(organization);
        using var client = app.As(user);
        var position = await app.QuerySingleAsync<long>("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint");
        var cursor = Codes.Write(new(new(position, 0), new(position, 0), DateTimeOffset.UtcNow));
        var leads = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            leads.Add(await app.CreateLeadAsync(organization, campaignId: campaign));
        }

        // Somebody else listens for long, so that what is in memory begins behind the leads.
        using var stream = await EventStream.OpenAsync(client, $"?channels=lead_change,campaign_metrics_update&after={cursor}");

        var (first, ids) = (await stream.NextAsync(), new List<Guid>());
        ids.Add(first!.Json.GetProperty("entity_id").GetGuid());
        ids.Add((await stream.NextOnAsync("lead_change")).GetProperty("entity_id").GetGuid());
        ids.Add((await stream.NextOnAsync("lead_change")).GetProperty("entity_id").GetGuid());
        Assert.Equal(leads, ids);
        (await stream.NextOnAsync("campaign_metrics_update")).AssertIncludes(new { EntityId = campaign, Data = new { LeadsCount = 3 } });
        using var again = await EventStream.OpenAsync(client, "?channels=lead_change", first.Id);
        Assert.Equal(leads[1], (await again.NextOnAsync("lead_change")).GetProperty("entity_id").GetGuid());
    }

    [Theory]
    [InlineData(-3, -1, 0)]
    [InlineData(0, 0, 1_000_000_000_000)]
    public async Task Cursor_that_is_too_old_or_of_another_database_tells_the_client_to_read_again(int days, int minutes, long ahead)
    {
        var user = await app.CreateUserAsync("owner");
        using var client = app.As(user);
        var position = await app.QuerySingleAsync<long>("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint") + ahead;
        var cursor = Codes.Write(new(new(position, 0), new(position, 0), DateTimeOffset.UtcNow.AddDays(days).AddMinutes(minutes)));

        using var stream = await EventStream.OpenAsync(client, $"?after={cursor}");
        var page = await client.GetDataAsync($"{Poll}after={cursor}");

        var resync = await stream.NextAsync();
        Assert.Equal(("resync", null), (resync?.Event, resync?.Id));
        var notification = await app.CreateNotificationAsync(user);
        Assert.Equal(notification, (await stream.NextOnAsync("new_notification")).GetProperty("entity_id").GetGuid());
        page.AssertIncludes(new { Resync = true, Events = Array.Empty<object>() });
        foreach (var after in new[] { resync!.Json.GetProperty("after"), page.GetProperty("next_after") })
        {
            var next = await client.GetDataAsync($"{Poll}after={after}");
            next.AssertIncludes(new { Resync = false });
            Assert.Equal(notification, next.GetProperty("events")[0].GetProperty("entity_id").GetGuid());
        }
    }

    [Fact]
    public async Task Forged_cursor_is_refused()
    {
        var user = await app.CreateUserAsync("owner");
        using var client = app.As(user);
        var cursor = (await client.GetDataAsync(EventStream.Events + "?wait=0")).GetProperty("next_after").GetString()!;
        var forged = cursor[..^1] + (cursor[^1] == 'A' ? 'B' : 'A');

        using var byQuery = await client.GetAsync($"{EventStream.Events}?wait=0&after={forged}");
        using var byHeader = await EventStream.AskAsync(client, lastEventId: forged);

        Assert.Equal("after", (await byQuery.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal("Last-Event-ID", (await byHeader.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public void Two_last_event_ids_are_no_cursor_and_not_ignored()
    {
        // HttpClient would send them as one header.
        var request = new DefaultHttpContext().Request;
        request.Headers.Append("Last-Event-ID", "first");
        request.Headers.Append("Last-Event-ID", "second");

        Assert.False(Codes.TryRead(ServerSentEvents.LastEventIdOf(request)!, out _));
        Assert.Null(ServerSentEvents.LastEventIdOf(new DefaultHttpContext().Request));
    }

    [Fact]
    public async Task Client_that_does_not_accept_a_stream_gets_none()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/json, text/event-stream;q=0");

        using var response = await client.GetAsync(EventStream.Events + "?wait=0", HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Client_that_begins_with_a_cursor_misses_nothing_although_its_first_stream_told_nothing()
    {
        var user = await app.CreateUserAsync("member");
        using var client = app.As(user);
        var start = (await client.GetDataAsync(EventStream.Events + "?wait=0")).GetProperty("next_after").GetString();
        using (await EventStream.OpenAsync(client, $"?after={start}"))
        {
        }

        var notification = await app.CreateNotificationAsync(user);
        using var stream = await EventStream.OpenAsync(client, $"?after={start}");

        Assert.Equal(notification, (await stream.NextOnAsync("new_notification")).GetProperty("entity_id").GetGuid());
    }

    [Fact]
    public async Task Without_a_token_or_a_ticket_nothing_is_told()
    {
        using var stream = await EventStream.AskAsync(app.Http);
        using var poll = await app.Http.GetAsync(EventStream.Events + "?wait=0");

        await stream.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        await poll.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Another_organization_and_unknown_channels_cannot_be_named()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var organization = await client.GetAsync($"{EventStream.Events}?wait=0&organization_id={Guid.NewGuid()}");
        using var channel = await client.GetAsync($"{EventStream.Events}?wait=0&channels=lead_change,gossip");
        using var wait = await client.GetAsync($"{EventStream.Events}?wait=26");

        Assert.Equal("organization_id", (await organization.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.StartsWith(
            "channels", (await channel.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members(), StringComparison.Ordinal);
        Assert.Equal("wait", (await wait.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public async Task Names_can_be_in_camel_case()
    {
        var user = await app.CreateUserAsync("member");
        using var client = app.As(user);
        client.DefaultRequestHeaders.Accept.ParseAdd("text/event-stream; case=camel");
        using var stream = await EventStream.OpenAsync(client);

        await app.CreateNotificationAsync(user);

        Assert.True((await stream.NextOnAsync("new_notification")).TryGetProperty("entityId", out _));
    }

    private LiveCursorCodes Codes => app.Services.GetRequiredService<LiveCursorCodes>();
}
