using System.Net.Http.Headers;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Conformance;

/// <summary>Live updates through the published worker behind a Functions host.</summary>
[Collection(ConformanceWorld.Shared)]
public sealed class WorkerStreamTests(ConformanceWorld world)
{
    [Fact]
    public async Task First_event_arrives_within_a_second_and_the_stream_ends_with_its_client()
    {
        var user = await world.App.CreateUserAsync("member");
        using var client = new HttpClient { BaseAddress = world.Worker.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", world.App.TokenOf(user));
        var last = (string?)null;
        // Not measured: the worker compiles what it runs for the first time, and opens its connections.
        await RoundAsync();
        await FewestSeconds.AssertWithinAsync(TimeSpan.FromSeconds(1), RoundAsync);

        // A user has 20 streams at a time: those of clients that went end, soon.
        for (var opened = 0; opened < 40; opened++)
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    using var response = await EventStream.AskAsync(client, "?channels=new_notification", last);
                    return response.IsSuccessStatusCode;
                },
                $"Stream {opened + 1} can be opened.");
        }

        // The time from when an event can be read until a new stream has it.
        async Task<TimeSpan> RoundAsync()
        {
            using var stream = await EventStream.OpenAsync(client, "?channels=new_notification", last);
            var notification = await world.App.CreateNotificationAsync(user);
            // Events wait for all older transactions of the server, and other tests have long ones in their databases.
            await Eventually.HoldsAsync(
                () => world.App.QuerySingleAsync<bool>(
                    "select e.xid < pg_snapshot_xmin(pg_current_snapshot()) from app.live_event e where e.entity_id = @notification",
                    new { notification }),
                "No transaction is older than the event.");
            var began = TimeProvider.System.GetTimestamp();

            var frame = await stream.NextAsync();

            Assert.Equal(notification, frame!.Json.GetProperty("entity_id").GetGuid());
            last = frame.Id;
            return TimeProvider.System.GetElapsedTime(began);
        }
    }
}
