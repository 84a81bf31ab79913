using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Whatsapp.Receiving;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Whatsapp.Receiving;

public sealed class UnroutedWhatsappEventsTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly DateTime Now = DateTime.UtcNow;

    [Fact]
    public async Task They_are_limited_in_number_and_size_and_deleted_after_30_days()
    {
        var session = app.Services.GetRequiredService<SalesBrainDatabase>().AutoCommitPlatform();
        var one = new UnroutedWhatsappEvent(UnroutedWhatsappEvents.UnknownNumber, "W", "P", new byte[100_000]);
        await UnroutedWhatsappEvents.KeepAsync(session, [one], Now.AddDays(-31), CancellationToken.None);
        await UnroutedWhatsappEvents.KeepAsync(session, [.. Enumerable.Repeat(one with { Body = [] }, 990)], Now, CancellationToken.None);
        await UnroutedWhatsappEvents.KeepAsync(session, [.. Enumerable.Repeat(one with { Body = [] }, 20)], Now, CancellationToken.None);
        Assert.Equal((1001, 65_536), await CountAsync());

        await app.Services.GetRequiredService<TimerRunner>().RunAsync("ApplyWebhookRetention", CancellationToken.None);

        Assert.Equal((1000, 0), await CountAsync());
    }

    private Task<(int, int)> CountAsync() =>
        app.QuerySingleAsync<(int, int)>("select count(*)::int, max(octet_length(body)) from app.whatsapp_unrouted");
}
