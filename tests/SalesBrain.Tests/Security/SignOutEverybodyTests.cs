using System.Net;
using Npgsql;
using SalesBrain.LocalHost.Startup;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Security;

/// <summary>The statement with which the runbook signs everybody out, as it is printed there.</summary>
public sealed class SignOutEverybodyTests
{
    [Fact]
    public async Task Statement_of_the_runbook_ends_every_session()
    {
        await using var app = await KeyedApp.StartAsync(new TestKeys(["jwt"], ["data"]));
        var (owner, admin) = (await app.CreateUserAsync("owner", password: AuthWorld.Password), await app.CreateUserAsync("sb_admin", password: AuthWorld.Password));
        var sessions = new[] { await app.SignInAsync(owner), await app.SignInAsync(owner), await app.SignInAsync(admin) };
        foreach (var session in sessions)
        {
            Assert.Equal(HttpStatusCode.OK, await app.ReadAsync(session.AccessToken));
        }

        await using (var platform = NpgsqlDataSource.Create(app.Database.Platform))
        await using (var command = platform.CreateCommand(await StatementAsync()))
        {
            Assert.Equal(3, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }

        foreach (var session in sessions)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await app.WriteAsync(session.AccessToken));
            using var refreshed = await app.TryRefreshAsync(session.RefreshToken);
            Assert.False(refreshed.IsSuccessStatusCode);
        }
        app.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(HttpStatusCode.Unauthorized, await app.ReadAsync(sessions[0].AccessToken));
        Assert.Equal(HttpStatusCode.OK, await app.ReadAsync((await app.SignInAsync(owner)).AccessToken));
    }

    /// <summary>The first statement after the heading.</summary>
    private static async Task<string> StatementAsync()
    {
        var pages = Directory.GetFiles(Path.Combine(RepositoryFolder.Find(), "docs"), "operations*.md")
            .Select(page => File.ReadAllTextAsync(page, TestContext.Current.CancellationToken));
        var page = Assert.Single(await Task.WhenAll(pages), text => text.Contains("### Sign everybody out", StringComparison.Ordinal));
        return page.Split("### Sign everybody out")[1].Split("```sql")[1].Split("```")[0];
    }
}
