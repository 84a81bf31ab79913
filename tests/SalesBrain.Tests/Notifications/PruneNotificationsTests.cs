using Microsoft.Extensions.DependencyInjection;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Notifications;

public sealed class PruneNotificationsTests(TestApp app)
{
    [Fact]
    public async Task Notifications_are_deleted_after_90_days_also_by_two_timers_at_once()
    {
        var user = await app.CreateUserAsync("member");
        var kept = await app.CreateNotificationAsync(user, createdAt: DateTime.UtcNow.AddDays(-89));
        for (var i = 0; i < 20; i++)
        {
            await app.CreateNotificationAsync(user, createdAt: DateTime.UtcNow.AddDays(-91));
        }

        await Task.WhenAll(RunAsync(), RunAsync());

        Assert.Equal([kept], await app.QueryAsync<Guid>("select id from app.notification where user_id = @Id", user));
    }

    private Task RunAsync() => app.Services.GetRequiredService<TimerRunner>().RunAsync("PruneNotifications", CancellationToken.None);
}
