using System.Net;
using SalesBrain.Core.Security;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Live;

[Collection(ClockedApp.Collection)]
public sealed class CreateStreamTicketTests(ClockedApp app)
{
    private const string Tickets = EventStream.Events + "/ticket";

    [Fact]
    public async Task Ticket_opens_one_stream_of_its_channels_and_is_stored_as_a_hash()
    {
        var user = await app.CreateUserAsync("client_user");
        var ticket = await GetTicketAsync(user, """{"channels": ["new_notification"]}""");
        var hashes = await app.QueryAsync<byte[]>("select token_hash from app.stream_ticket where user_id = @Id", user);

        using var other = await app.Http.GetAsync($"{EventStream.Events}?wait=0&ticket={ticket}&channels=lead_change");
        var second = await GetTicketAsync(user);
        using var opened = await app.Http.GetAsync($"{EventStream.Events}?wait=0&ticket={second}&channels=lead_change");
        using var again = await app.Http.GetAsync($"{EventStream.Events}?wait=0&ticket={second}");

        Assert.Equal([OpaqueTokens.Hash(ticket)], hashes);
        Assert.Equal("channels", (await other.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        await again.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Equal(0, await app.QuerySingleAsync<int>("select count(*)::int from app.stream_ticket where user_id = @Id", user));
    }

    [Fact]
    public async Task Ticket_works_for_a_minute_and_while_its_session_is_valid()
    {
        var user = await app.CreateUserAsync("member");
        var (late, ended, disabled) = (await GetTicketAsync(user), await GetTicketAsync(user), await GetTicketAsync(await app.CreateUserAsync("member")));
        app.Time.Advance(TimeSpan.FromSeconds(60));

        using var afterAMinute = await app.Http.GetAsync($"{EventStream.Events}?wait=0&ticket={late}");
        ended = await GetTicketAsync(user);
        await app.ExecuteAsync("update app.refresh_token set revoked_at = now() where user_id = @Id", user);
        using var afterTheSession = await app.Http.GetAsync($"{EventStream.Events}?wait=0&ticket={ended}");
        var dismissed = await app.CreateUserAsync("member");
        disabled = await GetTicketAsync(dismissed);
        await app.ExecuteAsync("update app.user set status = 'disabled' where id = @Id", dismissed);
        using var afterDisabling = await app.Http.GetAsync($"{EventStream.Events}?wait=0&ticket={disabled}");

        await afterAMinute.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        await afterTheSession.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        await afterDisabling.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Ticket_is_used_once_however_many_try_at_the_same_time()
    {
        var ticket = await GetTicketAsync(await app.CreateUserAsync("sb_admin"));

        var statuses = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var response = await app.Http.GetAsync($"{EventStream.Events}?wait=0&ticket={ticket}");
            return response.StatusCode;
        }));

        Assert.Equal(1, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(7, statuses.Count(status => status == HttpStatusCode.Unauthorized));
    }

    private async Task<string> GetTicketAsync(TestUser user, string body = "")
    {
        using var client = app.As(user);
        using var response = await client.SendAsync(HttpMethod.Post, Tickets, body.Length == 0 ? null : body);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.DataAsync()).GetProperty("ticket").GetString()!;
    }
}
