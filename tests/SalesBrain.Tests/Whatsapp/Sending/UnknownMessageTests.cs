using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Whatsapp.Sending;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Whatsapp.Sending;

/// <summary>Messages of which nobody knows whether WhatsApp has them, and statuses that come early.</summary>
[Collection(SendingApp.Collection)]
public sealed class UnknownMessageTests(SendingApp app)
{
    private SalesBrainDatabase Database => app.Services.GetRequiredService<SalesBrainDatabase>();

    [Fact]
    public async Task Message_without_an_answer_is_unknown_never_sent_again_by_itself_and_does_not_block_others()
    {
        var (organization, chat, to) = await app.StartChatAsync();
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
        app.Wake();
        await Eventually.HoldsAsync(() => app.Graph.To(to).Count == 1, "The message is at WhatsApp.");
        (await app.OutboundAsync(lost)).AssertIncludes(new { status = "sending" });

        // While it waits for the answer, messages to others go out.
        var other = await app.CreateChatAsync(organization);
        var meanwhile = await app.CreateOutboundAsync(organization, other);
        app.Time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(
            async () => (await app.OutboundAsync(meanwhile)).GetProperty("status").GetString() == "sent", "The other message is sent.");
        app.Time.Advance(TimeSpan.FromSeconds(20));
        await app.DrainAsync(organization);

        (await app.OutboundAsync(lost)).AssertIncludes(new { status = "unknown", wamid = (string?)null });
        (await app.OutboundAsync(next)).AssertIncludes(new { status = "sent" });
        for (var hour = 0; hour < 3; hour++)
        {
            app.Time.Advance(TimeSpan.FromMinutes(10));
            await app.Sender.MaintainAsync(TestContext.Current.CancellationToken);
            await app.DrainAsync(organization);
        }
        Assert.Single(app.Graph.To(to), call => call.MessageId == lost);
        Assert.Equal(1, await app.CountQueuedAsync(organization));
    }

    [Fact]
    public async Task Message_of_a_worker_that_died_is_unknown_when_its_lease_ends_and_a_late_success_still_counts()
    {
        var (organization, chat, to) = await app.StartChatAsync();
        var message = await app.CreateOutboundAsync(organization, chat);
        var (worker, now) = (Guid.NewGuid(), app.Now);
        var claimed = Assert.Single(await QueuedMessages.ClaimAsync(
            Database, organization, worker, 10, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(1), now,
            TestContext.Current.CancellationToken));
        Assert.Equal(message, claimed.MessageId);
        (await app.OutboundAsync(message)).AssertIncludes(new { status = "sending" });

        app.Time.Advance(TimeSpan.FromSeconds(89));
        await app.Sender.MaintainAsync(TestContext.Current.CancellationToken);
        (await app.OutboundAsync(message)).AssertIncludes(new { status = "sending" });
        app.Time.Advance(TimeSpan.FromSeconds(2));
        await app.Sender.MaintainAsync(TestContext.Current.CancellationToken);
        await app.DrainAsync(organization);
        (await app.OutboundAsync(message)).AssertIncludes(new { status = "unknown", error_code = "interrupted" });
        Assert.Empty(app.Graph.To(to));

        // Its failure says nothing any more; its success does.
        await SettleAsync(organization, worker, new SendingResult(message, claimed.MessageCreatedAt, "failed") { ErrorCode = "1" });
        (await app.OutboundAsync(message)).AssertIncludes(new { status = "unknown", error_code = "interrupted" });
        await SettleAsync(
            organization, worker, new SendingResult(message, claimed.MessageCreatedAt, "sent") { Wamid = $"wamid.{message}" });
        (await app.OutboundAsync(message)).AssertIncludes(new { status = "sent", error_code = (string?)null, wamid = $"wamid.{message}" });
        Assert.Equal(0, await app.CountQueuedAsync(organization));
    }

    [Fact]
    public async Task Status_that_comes_before_the_answer_stays()
    {
        var (organization, chat, _) = await app.StartChatAsync();
        var message = await app.CreateOutboundAsync(organization, chat);
        var worker = Guid.NewGuid();
        var claimed = Assert.Single(await QueuedMessages.ClaimAsync(
            Database, organization, worker, 10, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(1), app.Now,
            TestContext.Current.CancellationToken));
        await app.ExecuteAsync("update app.message set status = 'delivered', wamid = 'wamid.early' where id = @message", new { message });

        await SettleAsync(
            organization, worker, new SendingResult(message, claimed.MessageCreatedAt, "unknown") { ErrorCode = "no_response" });

        (await app.OutboundAsync(message)).AssertIncludes(new { status = "delivered", wamid = "wamid.early", error_code = (string?)null });
        Assert.Equal(0, await app.CountQueuedAsync(organization));
    }

    [Fact]
    public async Task Status_that_decides_about_an_unknown_message_takes_it_out_of_the_queue()
    {
        var (organization, chat, _) = await app.StartChatAsync();
        var message = await app.CreateOutboundAsync(organization, chat, "unknown");
        await app.ExecuteAsync("update app.message set status = 'delivered' where id = @message", new { message });

        await app.Sender.MaintainAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, await app.CountQueuedAsync(organization));
    }

    private Task SettleAsync(Guid organization, Guid worker, SendingResult result) =>
        QueuedMessages.SettleAsync(Database, organization, worker, [result], null, app.Now, TestContext.Current.CancellationToken);
}
