using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Live;

/// <summary>What agents hear of conversations, through HTTP.</summary>
public sealed class ConversationStreamTests(TestApp app)
{
    [Fact]
    public async Task Agents_hear_of_their_conversations_and_their_supervisor_of_all()
    {
        var supervisor = await app.CreateUserAsync("agent_supervisor");
        var organization = supervisor.OrganizationId!.Value;
        var (first, second) = (await app.CreateUserAsync("agent", organization), await app.CreateUserAsync("agent", organization));
        var conversation = await app.CreateConversationAsync(organization, assignedTo: first.Id);
        using var boss = app.As(supervisor);
        using var mine = app.As(first);
        using var theirs = app.As(second);
        const string Query = "?channels=conversation_change,conversation_message,new_notification";
        using var heard = await EventStream.OpenAsync(mine, Query);
        using var other = await EventStream.OpenAsync(theirs, Query);
        using var all = await EventStream.OpenAsync(boss, Query);
        // A stream may begin with what was committed a moment before.
        foreach (var (stream, user) in new[] { (heard, first), (other, second), (all, supervisor) })
        {
            var marker = await app.CreateNotificationAsync(user);
            while ((await stream.NextAsync())!.Json.GetProperty("entity_id").GetGuid() != marker)
            {
            }
        }

        var message = await app.CreateMessageAsync(conversation, text: "For Ada only");
        using var moved = await boss.PostAsync($"{ConversationWorld.Path}/{conversation}/assign", new { user_id = second.Id });
        await moved.DataAsync();
        var later = await app.CreateMessageAsync(conversation, "outbound");

        AssertTold(await heard.NextAsync(), "created", message);
        AssertTold(await heard.NextAsync(), "moved", conversation);
        await heard.AssertNothingBeforeAsync(app, first);
        AssertTold(await other.NextAsync(), "updated", conversation);
        Assert.Equal("new_notification", (await other.NextAsync())!.Event);
        AssertTold(await other.NextAsync(), "created", later);
        await other.AssertNothingBeforeAsync(app, second);
        foreach (var (kind, id) in new[] { ("created", message), ("moved", conversation), ("updated", conversation), ("created", later) })
        {
            AssertTold(await all.NextAsync(), kind, id);
        }
        await all.AssertNothingBeforeAsync(app, supervisor);
    }

    private static void AssertTold(Frame? frame, string kind, Guid id)
    {
        Assert.NotNull(frame);
        frame.Json.AssertIncludes(new { Kind = kind, EntityId = id });
        Assert.DoesNotContain("Ada", frame.Data, StringComparison.Ordinal);
    }
}
