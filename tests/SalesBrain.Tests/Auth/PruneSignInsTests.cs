using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Functions.Auth;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Auth;

public sealed class PruneSignInsTests(SignInApp app) : IClassFixture<SignInApp>
{
    [Fact]
    public async Task Forgotten_failures_and_expired_tokens_go_and_sessions_that_last_stay()
    {
        var (gone, lasting) = (await app.CreateUserAsync("owner", password: AuthWorld.Password), await app.CreateUserAsync("owner", password: AuthWorld.Password));
        await app.SignInAsync(gone);
        await app.RequestResetAsync(gone);
        var tokens = await app.SignInAsync(lasting);
        using (await app.TrySignInAsync("nobody@prune.example", "not the password"))
        {
            // Counted.
        }
        app.Time.Advance(TimeSpan.FromDays(13));
        var second = await app.RefreshAsync(tokens.RefreshToken);
        app.Time.Advance(TimeSpan.FromDays(13));
        var third = await app.RefreshAsync(second.RefreshToken);
        using (await app.TrySignInAsync("somebody@prune.example", "not the password"))
        {
            // Counted a moment ago.
        }

        await FireAsync();

        Assert.Equal(0, await CountAsync("refresh_token", gone));
        Assert.Equal(0, await CountAsync("password_token", gone));
        // The first token expired, and stands for the session.
        Assert.Equal(3, await CountAsync("refresh_token", lasting));
        Assert.Equal(2, await app.QuerySingleAsync<int>("select count(*) from app.sign_in_attempt"));
        app.Time.Advance(TimeSpan.FromDays(3));
        await FireAsync();
        Assert.Equal(2, await CountAsync("refresh_token", lasting));
        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*) from app.sign_in_attempt"));
        await app.RefreshAsync(third.RefreshToken);
        app.Time.Advance(TimeSpan.FromDays(16));
        await FireAsync();
        await FireAsync();
        Assert.Equal(0, await CountAsync("refresh_token", lasting));
    }

    [Fact]
    public async Task Two_instances_at_once_share_the_work()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        for (var session = 0; session < 5; session++)
        {
            await app.SignInAsync(user);
        }
        app.Time.Advance(TimeSpan.FromDays(16));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => FireAsync()));

        Assert.Equal(0, await CountAsync("refresh_token", user));
    }

    private Task FireAsync() =>
        app.Services.GetRequiredService<TimerRunner>().RunAsync(nameof(PruneSignIns), TestContext.Current.CancellationToken);

    private Task<int> CountAsync(string table, TestUser user) =>
        app.QuerySingleAsync<int>($"select count(*) from app.{table} where user_id = @Id", new { user.Id });
}
