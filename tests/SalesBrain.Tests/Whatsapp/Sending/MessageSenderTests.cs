using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Whatsapp.Sending;

/// <summary>Messages that are sent: once each, in the order of their conversation.</summary>
[Collection(SendingApp.Collection)]
public sealed class MessageSenderTests(SendingApp app)
{
    [Fact]
    public async Task Message_is_sent_once_with_its_id_and_the_reply()
    {
        var (organization, chat, to) = await app.StartChatAsync();
        await app.ExecuteAsync("update app.message set reply_to_wamid = null where organization_id = @organization", new { organization });
        var message = await app.CreateOutboundAsync(organization, chat, text: "Hello, Grace");

        await app.DrainAsync(organization);

        var call = Assert.Single(app.Graph.To(to));
        Assert.Equal((message, "Hello, Grace", $"token-of-{organization:N}"), (call.MessageId, call.Text, call.Token));
        Assert.EndsWith("/messages", call.Path, StringComparison.Ordinal);
        (await app.OutboundAsync(message)).AssertIncludes(
            new { status = "sent", wamid = GraphStub.WamidOf(call), error_code = (string?)null });
        Assert.Equal(
            [$"wamid:{GraphStub.WamidOf(call)}"],
            await app.QueryAsync<string>("select key from app.message_key where message_id = @message", new { message }));
        Assert.Equal(0, await app.CountQueuedAsync(organization));
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
        await Eventually.HoldsAsync(
            () =>
            {
                app.Time.Advance(TimeSpan.FromMilliseconds(10));
                return workers.IsCompleted;
            },
            "The workers are done.");
        await workers;

        foreach (var recipient in recipients)
        {
            Assert.Equal(Enumerable.Range(0, 15).Select(n => $"{n}"), app.Graph.To(recipient).Select(call => call.Text));
        }
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
        await Eventually.HoldsAsync(async () => await CountAsync("sent") == 1, "The first message is sent.");
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
    public async Task Queued_message_of_an_erased_conversation_is_not_sent()
    {
        var (organization, chat, to) = await app.StartChatAsync();
        await app.ExecuteAsync(
            "update app.whatsapp_account set sends_after = @later where organization_id = @organization",
            new { organization, later = app.Now.AddHours(1) });
        await app.CreateOutboundAsync(organization, chat);
        await app.ExecuteAsync("delete from app.conversation where id = @chat", new { chat });

        app.Time.Advance(TimeSpan.FromHours(2));
        await app.DrainAsync(organization);

        Assert.Empty(app.Graph.To(to));
        Assert.Equal(0, await app.CountQueuedAsync(organization));
    }

    [Fact]
    public async Task Erased_while_it_is_being_sent_leaves_nothing_behind()
    {
        var (organization, chat, to) = await app.StartChatAsync();
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Graph.AnswerLater(to, (_, _) => answer.Task);
        var message = await app.CreateOutboundAsync(organization, chat);
        app.Wake();
        await Eventually.HoldsAsync(() => app.Graph.To(to).Count == 1, "The message is at WhatsApp.");

        await app.ExecuteAsync("delete from app.conversation where id = @chat", new { chat });
        answer.SetResult(GraphStub.Accepted(app.Graph.To(to).Single()));
        await app.DrainAsync(organization);

        Assert.Equal(0, await app.QuerySingleAsync<int>("""
            select ((select count(*) from app.message where id = @message) + (select count(*) from app.message_key where message_id = @message))::int
            """, new { message }));
    }

    [Fact]
    public async Task Nothing_that_names_a_person_or_opens_the_account_is_in_the_log()
    {
        var (organization, chat, to) = await app.StartChatAsync();
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
}
