using System.Net;
using System.Text.Json.Nodes;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Whatsapp.Receiving;

/// <summary>
/// Numbers that move in the middle of a delivery, while the database's connection is lost. It has triggers, so a database of its own.
/// </summary>
public sealed class MovedNumberTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.FromUnixTimeSeconds(
        DateTimeOffset.UtcNow.ToUnixTimeSeconds()).AddHours(-1);

    /// <summary>
    /// What a person wrote before and after their number changed, and the change, are one transaction: all of it, or nothing.
    /// </summary>
    [Fact]
    public async Task Changed_number_and_the_messages_around_it_are_applied_in_one_transaction()
    {
        var (line, former, next) = (await app.CreateWhatsappLineAsync(), WhatsappDeliveries.NextId(), WhatsappDeliveries.NextId());
        // The connection is lost once, after the number was changed and before the next message is stored.
        await app.ExecuteAsync("""
            create sequence app.test_losses;
            grant usage on sequence app.test_losses to salesbrain_platform;
            create function app.test_lose_message() returns trigger language plpgsql as $$
            begin
                if new.text = 'After' and nextval('app.test_losses') = 1 then
                    perform pg_terminate_backend(pg_backend_pid());
                end if;
                return new;
            end
            $$;
            create trigger test_lose_message before insert on app.message for each row execute function app.test_lose_message();
            """);
        var change = WhatsappDeliveries.Text(former, "", Noon.AddMinutes(1));
        change.Remove("text");
        change["type"] = "system";
        change["system"] = new JsonObject { ["body"] = "Changed", ["wa_id"] = next, ["type"] = "user_changed_number" };

        await app.DeliverWhatsappAsync(
            line.Messages(former, WhatsappDeliveries.Text(former, "Before", Noon)),
            line.Value(new JsonObject { ["messages"] = new JsonArray(change) }),
            line.Messages(next, WhatsappDeliveries.Text(next, "After", Noon.AddMinutes(2))));
        await app.UntilProcessedAsync(line.OrganizationId);

        Assert.Equal(2, await app.QuerySingleAsync<int>("select last_value::int from app.test_losses"));
        Assert.Equal(
            ["Before", "Changed", "After"],
            await app.QueryAsync<string>(
                "select text from app.message where organization_id = @OrganizationId order by occurred_at", line));
        Assert.Equal((next, 2), await app.QuerySingleAsync<(string, int)>(
            "select peer_id, unread_count from app.conversation where organization_id = @OrganizationId", line));
        // The id of the transaction that wrote a row.
        Assert.Equal((3, 1), await app.QuerySingleAsync<(int, int)>(
            "select count(*)::int, count(distinct xmin::text)::int from app.webhook_log where organization_id = @OrganizationId "
            + "and status = 'processed'",
            line));
    }

    /// <summary>
    /// Events of a number that has just moved to another organization are stored in a second commit. If the process dies between the two,
    /// Meta has no response, and delivers again.
    /// </summary>
    [Fact]
    public async Task Delivery_whose_second_commit_is_lost_is_complete_when_it_is_repeated()
    {
        var (stays, moves, next) = (await app.CreateWhatsappLineAsync(), await app.CreateWhatsappLineAsync(), await app.CreateOrganizationAsync());
        var peer = WhatsappDeliveries.NextId();
        // Both numbers are cached with their organizations.
        await app.DeliverWhatsappAsync(
            stays.Messages(peer, WhatsappDeliveries.Text(peer, "Before")), moves.Messages(peer, WhatsappDeliveries.Text(peer, "Before")));
        await app.ExecuteAsync("""
            update app.whatsapp_account set status = 'disconnected', token_sealed = null, phone_number_id = null where organization_id = @Former;
            insert into app.whatsapp_account (organization_id, status, waba_id, phone_number_id, token_sealed)
            values (@next, 'configured', @WabaId, @PhoneNumberId, '\x00');
            """, new { Former = moves.OrganizationId, next, moves.WabaId, moves.PhoneNumberId });
        await app.ExecuteAsync($"""
            create function app.test_lose_log() returns trigger language plpgsql as $$
            begin
                if new.organization_id = '{next}' then
                    perform pg_terminate_backend(pg_backend_pid());
                end if;
                return new;
            end
            $$;
            create trigger test_lose_log before insert on app.webhook_log for each row execute function app.test_lose_log();
            """);
        var body = WhatsappDeliveries.Delivery(
            stays.Messages(peer, WhatsappDeliveries.Text(peer, "After")), moves.Messages(peer, WhatsappDeliveries.Text(peer, "After")));

        using (var lost = await app.Http.PostWhatsappAsync(body))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, lost.StatusCode);
        }
        Assert.Equal((2, 0), (await CountAsync("webhook_log", stays.OrganizationId), await CountAsync("webhook_log", next)));
        await app.ExecuteAsync("drop trigger test_lose_log on app.webhook_log");
        for (var i = 0; i < 2; i++)
        {
            using var repeated = await app.Http.PostWhatsappAsync(body);
            (await repeated.DataAsync()).AssertIncludes(new { events = 2, duplicates = i + 1, unrouted = 0 });
        }
        await app.UntilProcessedAsync(stays.OrganizationId);
        await app.UntilProcessedAsync(next);

        Assert.Equal((2, 1, 1), (await CountAsync("webhook_log", stays.OrganizationId), await CountAsync("webhook_log", moves.OrganizationId), await CountAsync("webhook_log", next)));
        Assert.Equal((2, 1, 1), (await CountAsync("message", stays.OrganizationId), await CountAsync("message", moves.OrganizationId), await CountAsync("message", next)));
    }

    private Task<int> CountAsync(string table, Guid organizationId) =>
        app.QuerySingleAsync<int>($"select count(*)::int from app.{table} where organization_id = @organizationId", new { organizationId });
}
