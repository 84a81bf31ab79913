using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Notifications;

public sealed class NotificationTests(TestApp app)
{
    private static readonly DateTime Start = DateTime.UtcNow.Date.AddDays(-1);

    [Fact]
    public async Task List_has_the_callers_own_newest_first_and_pages_by_cursor()
    {
        var user = await app.CreateUserAsync("member");
        await app.CreateNotificationAsync(await app.CreateUserAsync("owner", user.OrganizationId), createdAt: Start);
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            ids.Insert(0, await app.CreateNotificationAsync(user, $"Number {i}", Start.AddMinutes(i), i == 2 ? Start.AddDays(1) : null));
        }
        using var client = app.As(user);

        var page = await client.PageAsync($"{NotificationWorld.Notifications}?page_size=2");

        Assert.Equal(ids[..2], page.Ids());
        page.AssertIncludes(new { Pagination = new { Total = 5, TotalPages = 3 } });
        page.GetProperty("data")[0].AssertIncludes(
            new
            {
                Type = "email.replied",
                Title = "Number 4",
                Body = "Body",
                Count = 1,
                ReadAt = (string?)null,
                CreatedAt = Start.AddMinutes(4),
            });
        Assert.Equal(ids, await client.WalkAsync($"{NotificationWorld.Notifications}?page_size=2"));
        Assert.Equal(
            [ids[0], ids[1], ids[3], ids[4]], await client.WalkAsync($"{NotificationWorld.Notifications}?page_size=3&unread=true"));
        Assert.Equal(4, await UnreadAsync(client));
    }

    [Fact]
    public async Task Reading_all_waits_for_the_first_burst_without_holding_a_later_one()
    {
        var user = await app.CreateUserAsync("member");
        // The first burst is between the others in the table, so that no scan finds it first.
        await app.CreateNotificationAsync(user);
        var first = await app.CreateNotificationAsync(user);
        await app.CreateNotificationAsync(user);
        await app.ExecuteAsync("update app.notification set type = 'email.a' where id = @first", new { first });

        await OtherSession.LockAroundAsync(
            app,
            "select from app.notification where id = @first for no key update",
            "select from app.notification where user_id = @Id and id <> @first for no key update nowait",
            new { user.Id, first },
            async () =>
            {
                using var response = await app.As(user).PostAsync($"{NotificationWorld.Notifications}/read-all", null);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            });

        Assert.Equal(0, await UnreadAsync(app.As(user)));
    }

    [Fact]
    public async Task Reading_marks_one_and_read_all_the_rest()
    {
        var user = await app.CreateUserAsync("client_user");
        var colleague = await app.CreateUserAsync("owner", user.OrganizationId);
        var first = await app.CreateNotificationAsync(user);
        await app.CreateNotificationAsync(user);
        await app.CreateNotificationAsync(user);
        var colleagues = await app.CreateNotificationAsync(colleague);
        using var client = app.As(user);

        var read = await (await client.PostAsync(Path(first), null)).DataAsync();
        var again = await (await client.PostAsync(Path(first), null)).DataAsync();
        using var foreign = await client.PostAsync(Path(colleagues), null);

        Assert.NotEqual(JsonValueKind.Null, read.GetProperty("read_at").ValueKind);
        Assert.True(JsonElement.DeepEquals(read, again));
        await foreign.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(2, await UnreadAsync(client));
        Assert.Equal(2, (await (await client.PostAsync($"{NotificationWorld.Notifications}/read-all", null)).DataAsync()).GetProperty("count").GetInt32());
        Assert.Equal(0, (await (await client.PostAsync($"{NotificationWorld.Notifications}/read-all", null)).DataAsync()).GetProperty("count").GetInt32());
        Assert.Equal(0, await UnreadAsync(client));
        Assert.Equal(1, await UnreadAsync(app.As(colleague)));
    }

    private static string Path(Guid id) => $"{NotificationWorld.Notifications}/{id}/read";

    private static async Task<int> UnreadAsync(HttpClient client) =>
        (await client.GetDataAsync($"{NotificationWorld.Notifications}/unread-count")).GetProperty("count").GetInt32();
}
