using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using SalesBrain.Core.Whatsapp.Receiving;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Whatsapp.Receiving;

public sealed class ReceiveFromWhatsappTests(TestApp app)
{
    private const string Grace = "15551230000";

    [Theory]
    [InlineData("")]
    [InlineData("sha256=57455eb2b5661d9ab82dc54e997f13ebbd6295bc822e356b004ddeb6320222e3")]
    public async Task Delivery_without_the_right_signature_is_not_stored(string signature)
    {
        var line = await app.CreateWhatsappLineAsync();

        using var response = await app.Http.PostWhatsappAsync(
            WhatsappDeliveries.Delivery(line.Messages(Grace, WhatsappDeliveries.Text(Grace, "Hi"))), signature);

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "webhook_unauthorized");
        Assert.Empty(await LogsAsync(line));
    }

    [Fact]
    public async Task Delivery_with_a_flipped_byte_is_not_stored()
    {
        var line = await app.CreateWhatsappLineAsync();
        var body = WhatsappDeliveries.Delivery(line.Messages(Grace, WhatsappDeliveries.Text(Grace, "Hi")));
        var signature = WhatsappSignature.Of(Encoding.UTF8.GetBytes(body), WhatsappDeliveries.Secret);

        using var response = await app.Http.PostWhatsappAsync(body.Replace("Hi", "Ho", StringComparison.Ordinal), signature);

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "webhook_unauthorized");
        Assert.Empty(await LogsAsync(line));
    }

    [Theory]
    [InlineData("sha256=a7dfadfa864dba471c925e814eca5ee032a7ded01574b16ac33dd477b5d6d0f7", "", 400)]
    [InlineData("", "", 401)]
    [InlineData("sha256=c84a394cc475525991e78ff16e430b02e47f953877d2af0ade26956ce6f384dc", """{"object":"whatsapp_business_account","entry":[]}""", 200)]
    public async Task Body_without_events_is_verified_too(string signature, string body, int status)
    {
        using var response = await app.Http.PostWhatsappAsync(body, signature);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Batch_of_two_organizations_is_stored_part_by_part()
    {
        var (one, other) = (await app.CreateWhatsappLineAsync(), await app.CreateWhatsappLineAsync());
        var first = WhatsappDeliveries.Text(Grace, "First");

        var receipt = await app.DeliverWhatsappAsync(
            one.Messages(Grace, first, WhatsappDeliveries.Text(Grace, "Second")),
            other.Messages(Grace, WhatsappDeliveries.Text(Grace, "Third")),
            other.Statuses(WhatsappDeliveries.Status("wamid." + WhatsappDeliveries.NextId(), "sent")));

        receipt.AssertIncludes("""{"events": 4, "duplicates": 0, "unrouted": 0}""");
        Assert.Equal(["whatsapp.message", "whatsapp.message"], await LogsAsync(one));
        Assert.Equal(["whatsapp.message", "whatsapp.status"], await LogsAsync(other));
        var payload = JsonNode.Parse(await app.QuerySingleAsync<string>("""
            select convert_from(p.body, 'UTF8') from app.webhook_payload p where p.organization_id = @OrganizationId order by p.log_id limit 1
            """, one))!;
        Assert.True(JsonNode.DeepEquals(
            new JsonObject
            {
                ["waba_id"] = one.WabaId,
                ["metadata"] = new JsonObject { ["display_phone_number"] = "15550001111", ["phone_number_id"] = one.PhoneNumberId },
                ["contact"] = new JsonObject { ["profile"] = new JsonObject { ["name"] = "Grace Hopper" }, ["wa_id"] = Grace },
                ["message"] = first.DeepClone(),
            }, payload), payload.ToJsonString());
    }

    [Fact]
    public async Task Repeated_delivery_is_a_duplicate()
    {
        var line = await app.CreateWhatsappLineAsync();
        var (message, status) = (WhatsappDeliveries.Text(Grace, "Hi"), WhatsappDeliveries.Status("wamid." + WhatsappDeliveries.NextId(), "sent"));
        string[] bodies = [WhatsappDeliveries.Delivery(line.Messages(Grace, message), line.Statuses(status))];

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var response = await app.Http.PostWhatsappAsync(bodies[0]);
            return (await response.DataAsync()).GetProperty("duplicates").GetInt32();
        }));

        Assert.Equal(38, answers.Sum());
        Assert.Equal(
            [20, 20],
            await app.QueryAsync<int>("select delivery_count from app.webhook_log where organization_id = @OrganizationId", line));
        await app.UntilProcessedAsync(line.OrganizationId);
        Assert.Equal(
            1, await app.QuerySingleAsync<int>("select count(*)::int from app.message where organization_id = @OrganizationId", line));
    }

    [Fact]
    public async Task Unknown_number_and_other_account_are_kept_apart_and_the_rest_is_stored()
    {
        var line = await app.CreateWhatsappLineAsync();
        var (unknown, foreign) = (line with { PhoneNumberId = WhatsappDeliveries.NextId() }, line with { WabaId = WhatsappDeliveries.NextId() });

        var receipt = await app.DeliverWhatsappAsync(
            unknown.Messages(Grace, WhatsappDeliveries.Text(Grace, "One")), foreign.Messages(Grace, WhatsappDeliveries.Text(Grace, "Two")),
            line.Messages(Grace, WhatsappDeliveries.Text(Grace, "Three")));

        receipt.AssertIncludes("""{"events": 3, "unrouted": 2}""");
        Assert.Single(await LogsAsync(line));
        Assert.Equal(
            [("other_account", true), ("unknown_number", false)],
            await app.QueryAsync<(string, bool)>("""
                select u.cause, convert_from(u.body, 'UTF8') like '%Two%' from app.whatsapp_unrouted u
                where u.phone_number_id in (@One, @Other) order by u.cause
                """, new { One = unknown.PhoneNumberId, Other = line.PhoneNumberId }));
    }

    [Fact]
    public async Task Number_that_is_connected_later_is_known_at_once_and_one_that_has_moved_belongs_to_its_new_organization()
    {
        var line = await app.CreateWhatsappLineAsync();
        await app.DeliverWhatsappAsync(line.Messages(Grace, WhatsappDeliveries.Text(Grace, "Before")));
        var later = new WhatsappLine(await app.CreateOrganizationAsync(), WhatsappDeliveries.NextId(), WhatsappDeliveries.NextId());
        await app.DeliverWhatsappAsync(later.Messages(Grace, WhatsappDeliveries.Text(Grace, "Too early")));
        await app.ExecuteAsync("""
            update app.whatsapp_account set status = 'disconnected', token_sealed = null, phone_number_id = null where organization_id = @Former;
            insert into app.whatsapp_account (organization_id, status, waba_id, phone_number_id, token_sealed)
            values (@Next, 'configured', @WabaId, @PhoneNumberId, '\x00');
            """, new { Former = line.OrganizationId, Next = later.OrganizationId, line.WabaId, line.PhoneNumberId });

        var receipt = await app.DeliverWhatsappAsync(line.Messages(Grace, WhatsappDeliveries.Text(Grace, "After")));

        receipt.AssertIncludes("""{"events": 1, "duplicates": 0, "unrouted": 0}""");
        Assert.Single(await LogsAsync(line));
        Assert.Single(await LogsAsync(later));
    }

    [Fact]
    public async Task Other_fields_are_stored_and_ignored()
    {
        var line = await app.CreateWhatsappLineAsync();

        await app.DeliverWhatsappAsync(new JsonObject
        {
            ["id"] = line.WabaId,
            ["changes"] = new JsonArray(
                new JsonObject { ["field"] = "account_update", ["value"] = new JsonObject { ["event"] = "VERIFIED_ACCOUNT" } },
                new JsonObject { ["field"] = "message_template_status_update", ["value"] = new JsonObject { ["event"] = "APPROVED" } }),
        });

        Assert.Equal(
            [("whatsapp.other", "ignored"), ("whatsapp.other", "ignored")],
            await app.QueryAsync<(string, string)>(
                "select event_type, status from app.webhook_log where organization_id = @OrganizationId", line));
    }

    [Fact]
    public async Task Body_of_more_than_3_MiB_is_413()
    {
        using var response = await app.Http.PostWhatsappAsync(new string(' ', 3 * 1024 * 1024) + "{}");

        await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
    }

    [Theory]
    [InlineData("owner", true)]
    [InlineData("admin", true)]
    [InlineData("member", false)]
    [InlineData("read_only", false)]
    [InlineData("sb_admin", true)]
    public async Task Payload_is_shown_to_those_who_may_read_conversations(string role, bool isShown)
    {
        var line = await app.CreateWhatsappLineAsync();
        await app.DeliverWhatsappAsync(line.Messages(Grace, WhatsappDeliveries.Text(Grace, "A secret")));
        var log = await app.QuerySingleAsync<Guid>("select id from app.webhook_log where organization_id = @OrganizationId", line);
        var user = await app.CreateUserAsync(role, role == "sb_admin" ? null : line.OrganizationId);

        using var response = await app.As(user).GetAsync($"/api/admin/webhooks/logs/{log}");

        if (response.StatusCode == HttpStatusCode.Forbidden && !isShown)
        {
            return;
        }
        var shown = await response.DataAsync();
        Assert.Equal("whatsapp", shown.GetProperty("event_source").GetString());
        Assert.Equal(isShown, shown.GetRawText().Contains("A secret", StringComparison.Ordinal));
    }

    private Task<IReadOnlyList<string>> LogsAsync(WhatsappLine line) =>
        app.QueryAsync<string>("select event_type from app.webhook_log where organization_id = @OrganizationId order by event_type", line);
}
