using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Whatsapp.Sending;

/// <summary>What becomes of a message that WhatsApp refuses: it fails, is retried, or stops the number or the account.</summary>
[Collection(SendingApp.Collection)]
public sealed class SendingFailureTests(SendingApp app)
{
    [Fact]
    public async Task Closed_window_fails_at_once_and_says_why_and_the_next_message_goes_on()
    {
        var (organization, chat, to) = await app.StartChatAsync();
        app.Graph.Answer(to, call => call.Text == "late" ? GraphStub.Error(131047) : GraphStub.Accepted(call));
        var late = await app.CreateOutboundAsync(organization, chat, text: "late");
        var next = await app.CreateOutboundAsync(organization, chat, text: "next");

        await app.DrainAsync(organization);

        Assert.Equal(["late", "next"], app.Graph.To(to).Select(call => call.Text));
        var failed = await app.OutboundAsync(late);
        failed.AssertIncludes(new { status = "failed", error_code = "131047" });
        Assert.Contains("24 hours", failed.GetProperty("error_message").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(JsonValueKind.Null, failed.GetProperty("failed_at").ValueKind);
        (await app.OutboundAsync(next)).AssertIncludes(new { status = "sent" });
    }

    [Fact]
    public async Task Pair_limit_is_retried_after_1_4_and_16_seconds_while_followers_wait_in_order()
    {
        var (organization, chat, to) = await app.StartChatAsync();
        app.Graph.Answer(to, call => call.Text == "first" && call.Attempt <= 3 ? GraphStub.Error(131056) : GraphStub.Accepted(call));
        var first = await app.CreateOutboundAsync(organization, chat, text: "first");
        await app.CreateOutboundAsync(organization, chat, text: "second");
        await app.DrainAsync(organization);

        foreach (var (seconds, attempts) in new[] { (1, 1), (4, 2), (16, 3) })
        {
            Assert.Equal(attempts, app.Graph.To(to).Count);
            (await app.OutboundAsync(first)).AssertIncludes(new { status = "queued", error_code = "131056" });
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
        (await app.OutboundAsync(first)).AssertIncludes(new { status = "sent", error_code = (string?)null });
    }

    [Fact]
    public async Task Pair_limit_that_does_not_end_fails_the_message_and_not_the_next_one()
    {
        var (organization, chat, to) = await app.StartChatAsync();
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
        (await app.OutboundAsync(first)).AssertIncludes(new { status = "failed", error_code = "131056" });
        (await app.OutboundAsync(second)).AssertIncludes(new { status = "sent" });
    }

    [Fact]
    public async Task Page_of_a_proxy_with_503_is_retried_and_a_success_that_cannot_be_read_is_unknown()
    {
        var (organization, chat, to) = await app.StartChatAsync();
        app.Graph.Answer(to, call => call.Attempt == 1
            ? new(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("<html>Sorry</html>", Encoding.UTF8, "text/html") } : GraphStub.Accepted(call));
        var retried = await app.CreateOutboundAsync(organization, chat);
        var other = SendingApp.NewNumber();
        app.Graph.Answer(
            other, _ => new(HttpStatusCode.OK) { Content = new StringContent("<html>Welcome</html>", Encoding.UTF8, "text/html") });
        var unread = await app.CreateOutboundAsync(organization, await app.CreateChatAsync(organization, other));

        await app.DrainAsync(organization);
        (await app.OutboundAsync(retried)).AssertIncludes(new { status = "queued", error_code = "unavailable" });
        app.Time.Advance(TimeSpan.FromSeconds(3));
        await app.DrainAsync(organization);

        (await app.OutboundAsync(retried)).AssertIncludes(new { status = "sent" });
        (await app.OutboundAsync(unread)).AssertIncludes(new { status = "unknown" });
        Assert.Single(app.Graph.To(other));
    }

    [Fact]
    public async Task Reached_throughput_holds_the_whole_number_and_then_all_messages_go()
    {
        var (organization, chat, to) = await app.StartChatAsync();
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

        (await app.OutboundAsync(message)).AssertIncludes(new { status = "sent" });
        (await app.OutboundAsync(waiting)).AssertIncludes(new { status = "sent" });
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
        var (organization, chat, to) = await app.StartChatAsync();
        var owner = await app.CreateUserAsync("owner", organization);
        app.Graph.Answer(to, call => call.Text == "first" ? GraphStub.Error(131048) : GraphStub.Accepted(call));
        var first = await app.CreateOutboundAsync(organization, chat, text: "first");
        var second = await app.CreateOutboundAsync(organization, chat, text: "second");

        await app.DrainAsync(organization);

        (await app.OutboundAsync(first)).AssertIncludes(new { status = "failed", error_code = "131048" });
        (await app.OutboundAsync(second)).AssertIncludes(new { status = "queued" });
        Assert.Equal(
            ["whatsapp.sending_stopped"],
            await app.QueryAsync<string>("select type from app.notification where user_id = @Id", new { owner.Id }));
        app.Time.Advance(TimeSpan.FromMinutes(61));
        await app.DrainAsync(organization);
        (await app.OutboundAsync(second)).AssertIncludes(new { status = "sent" });
    }
}
