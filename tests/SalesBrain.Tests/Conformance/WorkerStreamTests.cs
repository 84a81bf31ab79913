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
        for (var round = 0; round < 3; round++)
        {
            using var stream = await EventStream.OpenAsync(client, "?channels=new_notification", last);
            var began = TimeProvider.System.GetTimestamp();
            var notification = await world.App.CreateNotificationAsync(user);

            var frame = await stream.NextAsync();

            Assert.Equal(notification, frame!.Json.GetProperty("entity_id").GetGuid());
            Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, 1);
            last = frame.Id;
        }

        // A user has 20 streams at a time: those of clients that went end, soon.
        for (var (opened, attempt) = (0, 0); opened < 40; attempt++)
        {
            Assert.True(attempt < 400, $"After {opened} streams none could be opened.");
            using var response = await EventStream.AskAsync(client, "?channels=new_notification", last);
            opened += response.IsSuccessStatusCode ? 1 : 0;
            await Task.Delay(response.IsSuccessStatusCode ? 0 : 50, TestContext.Current.CancellationToken);
        }
    }
}
