using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Whatsapp.Sending;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Whatsapp.Sending;

/// <summary>How many messages a number sends a second, and one person gets.</summary>
[Collection(SendingApp.Collection)]
public sealed class SendingPaceTests(SendingApp app)
{
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
                app.Services.GetRequiredService<SalesBrainDatabase>(), organization, Guid.NewGuid(), 50,
                TimeSpan.FromSeconds(90), TimeSpan.FromMilliseconds(250),
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
        var (organization, chat, to) = await app.StartChatAsync();
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
}
