using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Whatsapp.Sending;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Whatsapp.Sending;

/// <summary>What becomes of queued messages.</summary>
[Collection(SendingApp.Collection)]
public sealed class MessageSenderTests(SendingApp app)
{
    private SalesBrainDatabase Database => app.Services.GetRequiredService<SalesBrainDatabase>();

    [Fact]
    public async Task Message_is_sent_once_with_its_id_and_the_reply()
    {
        var (organization, chat, to) = await ChatAsync();
        await app.ExecuteAsync("update app.message set reply_to_wamid = null where organization_id = @organization", new { organization });
        var message = await app.CreateOutboundAsync(organization, chat, text: "Hello, Grace");

        await app.DrainAsync(organization);

        var call = Assert.Single(app.Graph.To(to));
        Assert.Equal((message, "Hello, Grace", $"token-of-{organization:N}"), (call.MessageId, call.Text, call.Token));
        Assert.EndsWith("/messages", call.Path, StringComparison.Ordinal);
        (await MessageAsync(message)).AssertIncludes(new { status = "sent", wamid = GraphStub.WamidOf(call), error_code = (string?)null });
        Assert.Equal(
            [$"wamid:{GraphStub.WamidOf(call)}"],
            await app.QueryAsync<string>("select key from app.message_key where message_id = @message", new { message }));
        Assert.Equal(0, await QueuedAsync(organization));
    }

    [Fact]
    public async Task Closed_window_fails_at_once_and_says_why_and_the_next_message_goes_on()
    {
        var (organization, chat, to) = await ChatAsync();
        app.Graph.Answer(to, call => call.Text == "late" ? GraphStub.Error(131047) : GraphStub.Accepted(call));
        var late = await app.CreateOutboundAsync(organization, chat, text: "late");
        var next = await app.CreateOutboundAsync(organization, chat, text: "next");

        await app.DrainAsync(organization);

        Assert.Equal(["late", "next"], app.Graph.To(to).Select(call => call.Text));
        var failed = await MessageAsync(late);
        failed.AssertIncludes(new { status = "failed", error_code = "131047" });
        Assert.Contains("24 hours", failed.GetProperty("error_message").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(JsonValueKind.Null, failed.GetProperty("failed_at").ValueKind);
        (await MessageAsync(next)).AssertIncludes(new { status = "sent" });
    }

    [Fact]
    public async Task Pair_limit_is_retried_after_1_4_and_16_seconds_while_followers_wait_in_order()
    {
        var (organization, chat, to) = await ChatAsync();
        app.Graph.Answer(to, call => call.Text == "first" && call.Attempt <= 3 ? GraphStub.Error(131056) : GraphStub.Accepted(call));
        var first = await app.CreateOutboundAsync(organization, chat, text: "first");
        await app.CreateOutboundAsync(organization, chat, text: "second");
        await app.DrainAsync(organization);

        foreach (var (seconds, attempts) in new[] { (1, 1), (4, 2), (16, 3) })
        {
            Assert.Equal(attempts, app.Graph.To(to).Count);
            (await MessageAsync(first)).AssertIncludes(new { status = "queued", error_code = "131056" });
            var wait = await app.QuerySingleAsync<double>(
                "select extract(epoch from due_at - @Now)::float8 from app.message_queue where message_id = @first",
                new { first, app.Now });
            Assert.InRange(wait, seconds - 0.3, seconds + 0.001);
            // Shorter waits than half a second are waited for.
            app.Time.Advance(TimeSpan.FromSeconds(wait - 0.6));
            await app.Sender.SendDueAsync(TestContext.Current.CancellationToken);
            Assert.Equal(attempts, app.Graph.To(to).Count);
            app.Time.Advance(TimeSpan.FromSeconds(0.6));
            await app.DrainAsync(organization);
        }

        Assert.Equal(["first", "first", "first", "first", "second"], app.Graph.To(to).Select(call => call.Text));
        (await MessageAsync(first)).AssertIncludes(new { status = "sent", error_code = (string?)null });
    }

    [Fact]
    public async Task Pair_limit_that_does_not_end_fails_the_message_and_not_the_next_one()
    {
        var (organization, chat, to) = await ChatAsync();
        app.Graph.Answer(to, call => call.Text == "first" ? GraphStub.Error(131056) : GraphStub.Accepted(call));
        var first = await app.CreateOutboundAsync(organization, chat, text: "first");
        var second = await app.CreateOutboundAsync(organization, chat, text: "second");
        for (var attempt = 0; attempt < 6; attempt++)
        {
            await app.DrainAsync(organization);
            app.Time.Advance(TimeSpan.FromSeconds(1100));
        }
        await app.DrainAsync(organization);

        Assert.Equal(6, app.Graph.To(to).Count(call => call.MessageId == first));
        (await MessageAsync(first)).AssertIncludes(new { status = "failed", error_code = "131056" });
        (await MessageAsync(second)).AssertIncludes(new { status = "sent" });
    }

    [Fact]
    public async Task Message_without_an_answer_is_unknown_never_sent_again_by_itself_and_does_not_block_others()
    {
        var (organization, chat, to) = await ChatAsync();
        app.Graph.AnswerLater(to, async (call, cancellationToken) =>
        {
            if (call.Text == "lost")
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            return GraphStub.Accepted(call);
        });
        var lost = await app.CreateOutboundAsync(organization, chat, text: "lost");
        var next = await app.CreateOutboundAsync(organization, chat, text: "next");
        Wake();
        await WaitAsync(() => app.Graph.To(to).Count == 1);
        (await MessageAsync(lost)).AssertIncludes(new { status = "sending" });

        // While it waits for the answer, messages to others go out.
        var other = await app.CreateChatAsync(organization);
        var meanwhile = await app.CreateOutboundAsync(organization, other);
        app.Time.Advance(TimeSpan.FromSeconds(1));
        await WaitAsync(async () => (await MessageAsync(meanwhile)).GetProperty("status").GetString() == "sent");
        app.Time.Advance(TimeSpan.FromSeconds(20));
        await app.DrainAsync(organization);

        (await MessageAsync(lost)).AssertIncludes(new { status = "unknown", wamid = (string?)null });
        (await MessageAsync(next)).AssertIncludes(new { status = "sent" });
        for (var hour = 0; hour < 3; hour++)
        {
            app.Time.Advance(TimeSpan.FromMinutes(10));
            await app.Sender.MaintainAsync(TestContext.Current.CancellationToken);
            await app.DrainAsync(organization);
        }
        Assert.Single(app.Graph.To(to), call => call.MessageId == lost);
        Assert.Equal(1, await QueuedAsync(organization));
    }

    [Fact]
    public async Task Page_of_a_proxy_with_503_is_retried_and_a_success_that_cannot_be_read_is_unknown()
    {
        var (organization, chat, to) = await ChatAsync();
        app.Graph.Answer(to, call => call.Attempt == 1
            ? new(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("<html>Sorry</html>", Encoding.UTF8, "text/html") } : GraphStub.Accepted(call));
        var retried = await app.CreateOutboundAsync(organization, chat);
        var other = SendingApp.NewNumber();
        app.Graph.Answer(
            other, _ => new(HttpStatusCode.OK) { Content = new StringContent("<html>Welcome</html>", Encoding.UTF8, "text/html") });
        var unread = await app.CreateOutboundAsync(organization, await app.CreateChatAsync(organization, other));

        await app.DrainAsync(organization);
        (await MessageAsync(retried)).AssertIncludes(new { status = "queued", error_code = "unavailable" });
        app.Time.Advance(TimeSpan.FromSeconds(3));
        await app.DrainAsync(organization);

        (await MessageAsync(retried)).AssertIncludes(new { status = "sent" });
        (await MessageAsync(unread)).AssertIncludes(new { status = "unknown" });
        Assert.Single(app.Graph.To(other));
    }

    [Fact]
    public async Task Reached_throughput_holds_the_whole_number_and_then_all_messages_go()
    {
        var (organization, chat, to) = await ChatAsync();
        app.Graph.Answer(
            to, call => call.Attempt <= 4 ? GraphStub.Error(130429, HttpStatusCode.TooManyRequests) : GraphStub.Accepted(call));
        var message = await app.CreateOutboundAsync(organization, chat);
        await app.DrainAsync(organization);
        var other = SendingApp.NewNumber();
        var waiting = await app.CreateOutboundAsync(organization, await app.CreateChatAsync(organization, other));
        await app.Sender.SendDueAsync(TestContext.Current.CancellationToken);
        Assert.Empty(app.Graph.To(other));

        for (var attempt = 0; attempt < 5; attempt++)
        {
            app.Time.Advance(TimeSpan.FromSeconds(10));
            await app.DrainAsync(organization);
        }

        (await MessageAsync(message)).AssertIncludes(new { status = "sent" });
        (await MessageAsync(waiting)).AssertIncludes(new { status = "sent" });
        Assert.Equal(5, app.Graph.To(to).Count);
    }

    [Fact]
    public async Task Invalid_token_stops_the_organization_with_one_notification_and_messages_go_on_after_reconnecting()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.CreateSenderAsync(organization);
        var owner = await app.CreateUserAsync("owner", organization);
        var supervisor = await app.CreateUserAsync("agent_supervisor", organization);
        var agent = await app.CreateUserAsync("agent", organization);
        var isValid = false;
        var messages = new List<Guid>();
        for (var i = 0; i < 8; i++)
        {
            var to = SendingApp.NewNumber();
            app.Graph.Answer(to, call => isValid ? GraphStub.Accepted(call) : GraphStub.Error(190, HttpStatusCode.Unauthorized));
            messages.Add(await app.CreateOutboundAsync(organization, await app.CreateChatAsync(organization, to)));
        }

        await app.DrainAsync(organization);

        Assert.Equal("needs_reconnect", await app.QuerySingleAsync<string>(
            "select status from app.whatsapp_account where organization_id = @organization", new { organization }));
        var notified = await app.QueryJsonAsync(
            "select user_id, type, count from app.notification where organization_id = @organization order by user_id",
            new { organization });
        Assert.Equal(
            new[] { owner.Id, supervisor.Id }.Order(),
            notified.EnumerateArray().Select(notification => notification.GetProperty("user_id").GetGuid()).Order());
        Assert.All(
            notified.EnumerateArray(), notification => notification.AssertIncludes(new { type = "whatsapp.needs_reconnect", count = 1 }));
        Assert.DoesNotContain(agent.Id, notified.EnumerateArray().Select(notification => notification.GetProperty("user_id").GetGuid()));
        var calls = app.Graph.Calls.Count;
        app.Time.Advance(TimeSpan.FromHours(1));
        await app.Sender.SendDueAsync(TestContext.Current.CancellationToken);
        Assert.Equal(calls, app.Graph.Calls.Count);
        Assert.Equal(8, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.message where id = any (@messages) and status = 'queued'", new { messages }));

        isValid = true;
        await app.ExecuteAsync(
            "update app.whatsapp_account set status = 'configured' where organization_id = @organization", new { organization });
        await app.DrainAsync(organization);
        Assert.Equal(8, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.message where id = any (@messages) and status = 'sent'", new { messages }));
    }

    [Fact]
    public async Task Restricted_account_pauses_with_a_notification_and_goes_on_after_the_pause()
    {
        var (organization, chat, to) = await ChatAsync();
        var owner = await app.CreateUserAsync("owner", organization);
        app.Graph.Answer(to, call => call.Text == "first" ? GraphStub.Error(131048) : GraphStub.Accepted(call));
        var first = await app.CreateOutboundAsync(organization, chat, text: "first");
        var second = await app.CreateOutboundAsync(organization, chat, text: "second");

        await app.DrainAsync(organization);

        (await MessageAsync(first)).AssertIncludes(new { status = "failed", error_code = "131048" });
        (await MessageAsync(second)).AssertIncludes(new { status = "queued" });
        Assert.Equal(
            ["whatsapp.sending_stopped"],
            await app.QueryAsync<string>("select type from app.notification where user_id = @Id", new { owner.Id }));
        app.Time.Advance(TimeSpan.FromMinutes(61));
        await app.DrainAsync(organization);
        (await MessageAsync(second)).AssertIncludes(new { status = "sent" });
    }

    [Fact]
    public async Task Message_of_a_worker_that_died_is_unknown_when_its_lease_ends_and_a_late_success_still_counts()
    {
        var (organization, chat, to) = await ChatAsync();
        var message = await app.CreateOutboundAsync(organization, chat);
        var (worker, now) = (Guid.NewGuid(), app.Now);
        var claimed = Assert.Single(await QueuedMessages.ClaimAsync(
            Database, organization, worker, 10, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(1), now,
            TestContext.Current.CancellationToken));
        Assert.Equal(message, claimed.MessageId);
        (await MessageAsync(message)).AssertIncludes(new { status = "sending" });

        app.Time.Advance(TimeSpan.FromSeconds(89));
        await app.Sender.MaintainAsync(TestContext.Current.CancellationToken);
        (await MessageAsync(message)).AssertIncludes(new { status = "sending" });
        app.Time.Advance(TimeSpan.FromSeconds(2));
        await app.Sender.MaintainAsync(TestContext.Current.CancellationToken);
        await app.DrainAsync(organization);
        (await MessageAsync(message)).AssertIncludes(new { status = "unknown", error_code = "interrupted" });
        Assert.Empty(app.Graph.To(to));

        // Its failure says nothing any more; its success does.
        await SettleAsync(organization, worker, new SendingResult(message, claimed.MessageCreatedAt, "failed") { ErrorCode = "1" });
        (await MessageAsync(message)).AssertIncludes(new { status = "unknown", error_code = "interrupted" });
        await SettleAsync(
            organization, worker, new SendingResult(message, claimed.MessageCreatedAt, "sent") { Wamid = $"wamid.{message}" });
        (await MessageAsync(message)).AssertIncludes(new { status = "sent", error_code = (string?)null, wamid = $"wamid.{message}" });
        Assert.Equal(0, await QueuedAsync(organization));
    }

    [Fact]
    public async Task Status_that_comes_before_the_answer_stays()
    {
        var (organization, chat, _) = await ChatAsync();
        var message = await app.CreateOutboundAsync(organization, chat);
        var worker = Guid.NewGuid();
        var claimed = Assert.Single(await QueuedMessages.ClaimAsync(
            Database, organization, worker, 10, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(1), app.Now,
            TestContext.Current.CancellationToken));
        await app.ExecuteAsync("update app.message set status = 'delivered', wamid = 'wamid.early' where id = @message", new { message });

        await SettleAsync(
            organization, worker, new SendingResult(message, claimed.MessageCreatedAt, "unknown") { ErrorCode = "no_response" });

        (await MessageAsync(message)).AssertIncludes(new { status = "delivered", wamid = "wamid.early", error_code = (string?)null });
        Assert.Equal(0, await QueuedAsync(organization));
    }

    [Fact]
    public async Task Status_that_decides_about_an_unknown_message_takes_it_out_of_the_queue()
    {
        var (organization, chat, _) = await ChatAsync();
        var message = await app.CreateOutboundAsync(organization, chat, "unknown");
        await app.ExecuteAsync("update app.message set status = 'delivered' where id = @message", new { message });

        await app.Sender.MaintainAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, await QueuedAsync(organization));
    }

    [Fact]
    public async Task Several_workers_send_each_message_once_in_the_order_of_its_conversation()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.CreateSenderAsync(organization);
        var recipients = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            recipients.Add(SendingApp.NewNumber());
            var chat = await app.CreateChatAsync(organization, recipients[i]);
            for (var n = 0; n < 15; n++)
            {
                await app.CreateOutboundAsync(organization, chat, text: $"{n}");
            }
        }

        // Each call is as another instance: it has its own lease.
        var workers = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.Sender.SendDueAsync(TestContext.Current.CancellationToken)));
        await app.DrainAsync(organization);
        await WaitAsync(() =>
        {
            app.Time.Advance(TimeSpan.FromMilliseconds(10));
            return workers.IsCompleted;
        });
        await workers;

        foreach (var recipient in recipients)
        {
            Assert.Equal(Enumerable.Range(0, 15).Select(n => $"{n}"), app.Graph.To(recipient).Select(call => call.Text));
        }
    }

    [Fact]
    public async Task Number_sends_no_more_a_second_than_it_may_over_all_workers()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.CreateSenderAsync(organization, messagesPerSecond: 20, sendsAfter: app.Now.AddDays(1));
        for (var i = 0; i < 50; i++)
        {
            await app.CreateOutboundAsync(organization, await app.CreateChatAsync(organization));
        }
        await app.ExecuteAsync(
            "update app.whatsapp_account set sends_after = null where organization_id = @organization", new { organization });
        var (start, sent) = (app.Now.AddSeconds(1), new List<DateTime>());

        for (var step = 0; step < 60; step++)
        {
            var claims = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => QueuedMessages.ClaimAsync(
                Database, organization, Guid.NewGuid(), 50, TimeSpan.FromSeconds(90), TimeSpan.FromMilliseconds(250),
                start.AddMilliseconds(50 * step), TestContext.Current.CancellationToken)));
            sent.AddRange(claims.SelectMany(claim => claim).Select(message => message.SendAt));
        }

        Assert.Equal(50, sent.Count);
        sent.Sort();
        Assert.All(sent, at => Assert.InRange(sent.Count(other => other >= at && other < at.AddSeconds(1)), 1, 20));
        Assert.InRange(sent[^1] - start, TimeSpan.FromSeconds(2.4), TimeSpan.FromSeconds(2.5));
        await app.ExecuteAsync("delete from app.message_queue where organization_id = @organization", new { organization });
    }

    [Fact]
    public async Task One_person_gets_45_messages_at_once_and_then_one_in_6_seconds()
    {
        var (organization, chat, to) = await ChatAsync();
        for (var i = 0; i < 47; i++)
        {
            await app.CreateOutboundAsync(organization, chat, text: $"{i}");
        }
        await app.DrainAsync(organization);
        Assert.InRange(app.Graph.To(to).Count, 45, 46);
        var burst = app.Graph.To(to).Count;
        app.Time.Advance(TimeSpan.FromSeconds(5));
        await app.DrainAsync(organization);
        Assert.InRange(app.Graph.To(to).Count, burst, burst + 1);
        app.Time.Advance(TimeSpan.FromSeconds(7));
        await app.DrainAsync(organization);

        Assert.Equal(Enumerable.Range(0, 47).Select(i => $"{i}"), app.Graph.To(to).Select(call => call.Text));
    }

    [Fact]
    public async Task Queued_message_of_an_erased_conversation_is_not_sent()
    {
        var (organization, chat, to) = await ChatAsync();
        await app.ExecuteAsync(
            "update app.whatsapp_account set sends_after = @later where organization_id = @organization",
            new { organization, later = app.Now.AddHours(1) });
        await app.CreateOutboundAsync(organization, chat);
        await app.ExecuteAsync("delete from app.conversation where id = @chat", new { chat });

        app.Time.Advance(TimeSpan.FromHours(2));
        await app.DrainAsync(organization);

        Assert.Empty(app.Graph.To(to));
        Assert.Equal(0, await QueuedAsync(organization));
    }

    [Fact]
    public async Task Erased_while_it_is_being_sent_leaves_nothing_behind()
    {
        var (organization, chat, to) = await ChatAsync();
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Graph.AnswerLater(to, (_, _) => answer.Task);
        var message = await app.CreateOutboundAsync(organization, chat);
        Wake();
        await WaitAsync(() => app.Graph.To(to).Count == 1);

        await app.ExecuteAsync("delete from app.conversation where id = @chat", new { chat });
        answer.SetResult(GraphStub.Accepted(app.Graph.To(to).Single()));
        await app.DrainAsync(organization);

        Assert.Equal(0, await app.QuerySingleAsync<int>("""
            select ((select count(*) from app.message where id = @message) + (select count(*) from app.message_key where message_id = @message))::int
            """, new { message }));
    }

    [Fact]
    public async Task Stopping_returns_what_was_not_sent_and_finishes_what_was()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.CreateSenderAsync(organization, messagesPerSecond: 20);
        var messages = new List<Guid>();
        await app.ExecuteAsync(
            "update app.whatsapp_account set sends_after = @later where organization_id = @organization",
            new { organization, later = app.Now.AddHours(1) });
        for (var i = 0; i < 4; i++)
        {
            messages.Add(await app.CreateOutboundAsync(organization, await app.CreateChatAsync(organization)));
        }
        using var stopping = new CancellationTokenSource();
        await app.ExecuteAsync(
            "update app.whatsapp_account set sends_after = null where organization_id = @organization", new { organization });
        // The clock stands still: only the first message's time comes.
        var sending = app.Sender.SendDueAsync(stopping.Token);
        await WaitAsync(async () => await CountAsync("sent") == 1);
        // Nobody else takes what is returned.
        await app.ExecuteAsync(
            "update app.whatsapp_account set sends_after = @later where organization_id = @organization",
            new { organization, later = app.Now.AddHours(1) });
        await stopping.CancelAsync();
        await sending;

        Assert.Equal((1, 3), (await CountAsync("sent"), await CountAsync("queued")));
        Assert.Equal(
            0,
            await app.QuerySingleAsync<int>(
                "select count(*)::int from app.message_queue where organization_id = @organization and lease_owner is not null",
                new { organization }));
        await app.ExecuteAsync(
            "update app.whatsapp_account set sends_after = null where organization_id = @organization", new { organization });
        await app.DrainAsync(organization);
        Assert.Equal(4, await CountAsync("sent"));
        Assert.All(messages, message => Assert.Single(app.Graph.Calls, call => call.MessageId == message));

        Task<int> CountAsync(string status) =>
            app.QuerySingleAsync<int>(
                "select count(*)::int from app.message where id = any (@messages) and status = @status", new { messages, status });
    }

    [Fact]
    public async Task Nothing_that_names_a_person_or_opens_the_account_is_in_the_log()
    {
        var (organization, chat, to) = await ChatAsync();
        app.Graph.Answer(to, call => call.Attempt == 1 ? GraphStub.Error(2) : GraphStub.Error(131026));
        await app.CreateOutboundAsync(organization, chat, text: "A rather private text");
        await app.DrainAsync(organization);
        app.Time.Advance(TimeSpan.FromSeconds(3));
        await app.DrainAsync(organization);
        Assert.Equal(2, app.Graph.To(to).Count);

        Assert.Contains(app.Logs.Lines, line => line.Contains("was not sent: Graph error 131026", StringComparison.Ordinal));
        foreach (var secret in new[] { to, "A rather private text", $"token-of-{organization:N}", "The stub says so" })
        {
            Assert.DoesNotContain(app.Logs.Lines, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
    }

    private async Task<(Guid Organization, Guid Chat, string To)> ChatAsync()
    {
        var organization = await app.CreateOrganizationAsync();
        await app.CreateSenderAsync(organization);
        var to = SendingApp.NewNumber();
        return (organization, await app.CreateChatAsync(organization, to), to);
    }

    private void Wake() => app.Services.GetRequiredService<Core.Whatsapp.MessageSignal>().Raise();

    private Task SettleAsync(Guid organization, Guid worker, SendingResult result) =>
        QueuedMessages.SettleAsync(Database, organization, worker, [result], null, app.Now, TestContext.Current.CancellationToken);

    private Task<JsonElement> MessageAsync(Guid id) =>
        app.QuerySingleJsonAsync("select status, wamid, error_code, error_message, failed_at from app.message where id = @id", new { id });

    private Task<int> QueuedAsync(Guid organization) =>
        app.QuerySingleAsync<int>(
            "select count(*)::int from app.message_queue where organization_id = @organization", new { organization });

    private static Task WaitAsync(Func<bool> condition) => WaitAsync(() => Task.FromResult(condition()));

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        for (var attempt = 0; attempt < 500; attempt++)
        {
            if (await condition())
            {
                return;
            }
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        Assert.Fail("It did not happen within 5 s.");
    }
}
