using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Live;

/// <summary>A page of a real browser listens to live updates with EventSource.</summary>
public sealed class BrowserTests(TestApp app)
{
    [Fact]
    public async Task Page_listens_with_tickets_and_misses_nothing_when_it_reconnects()
    {
        var user = await app.CreateUserAsync("member");
        var sent = new List<Guid>();

        var heard = await BrowserScript.RunAsync(
            "live-updates.mjs",
            [app.Http.BaseAddress!.ToString().TrimEnd('/'), app.TokenOf(user)],
            async request =>
            {
                Assert.Equal("notify", request);
                sent.Add(await app.CreateNotificationAsync(user));
            });

        Assert.Equal(3, sent.Count);
        Assert.Equal(sent, heard.GetProperty("events").EnumerateArray().Select(told => told.GetProperty("entity").GetGuid()));
        Assert.Equal(3, heard.GetProperty("events").EnumerateArray().Select(told => told.GetProperty("id").GetString()).Distinct().Count());
        Assert.True(heard.GetProperty("closed").GetBoolean());
    }
}
