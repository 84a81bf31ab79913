using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Whatsapp.Receiving;

namespace SalesBrain.Tests.App;

/// <summary>Organizations with a number of WhatsApp, and what Meta delivers for them.</summary>
public static class WhatsappDeliveries
{
    public const string Path = "/api/webhooks/whatsapp";
    public const string Secret = "test-app-secret";

    private static long _number = 100_000_000_000;

    /// <summary>A fresh number of digits, as the vendor's ids and people's numbers are.</summary>
    public static string NextId() =>
        Interlocked.Increment(ref _number).ToString(System.Globalization.CultureInfo.InvariantCulture) + Random.Shared.Next(100, 999);

    /// <summary>A connected account of the organization, or of a new one.</summary>
    public static async Task<WhatsappLine> CreateWhatsappLineAsync(this TestApp app, Guid? organizationId = null)
    {
        var line = new WhatsappLine(organizationId ?? await app.CreateOrganizationAsync(), NextId(), NextId());
        await app.ExecuteAsync("""
            insert into app.whatsapp_account (organization_id, status, waba_id, phone_number_id, display_number, token_sealed)
            values (@OrganizationId, 'configured', @WabaId, @PhoneNumberId, '+1 555', '\x00')
            """, line);
        return line;
    }

    /// <summary>An entry with messages of a person.</summary>
    public static JsonObject Messages(this WhatsappLine line, string from, params IEnumerable<JsonObject> messages) => line.Value(new JsonObject
    {
        ["contacts"] = new JsonArray(new JsonObject { ["profile"] = new JsonObject { ["name"] = "Grace Hopper" }, ["wa_id"] = from }),
        ["messages"] = new JsonArray([.. messages.Select(message => message.DeepClone())]),
    });

    /// <summary>An entry with statuses.</summary>
    public static JsonObject Statuses(this WhatsappLine line, params IEnumerable<JsonObject> statuses) =>
        line.Value(new JsonObject { ["statuses"] = new JsonArray([.. statuses.Select(status => status.DeepClone())]) });

    /// <summary>An entry with a change of the field <c>messages</c>.</summary>
    public static JsonObject Value(this WhatsappLine line, JsonObject value)
    {
        value["messaging_product"] = "whatsapp";
        value["metadata"] = new JsonObject { ["display_phone_number"] = "15550001111", ["phone_number_id"] = line.PhoneNumberId };
        return new JsonObject
        {
            ["id"] = line.WabaId,
            ["changes"] = new JsonArray(new JsonObject { ["field"] = "messages", ["value"] = value }),
        };
    }

    public static JsonObject Text(string from, string text, DateTimeOffset? at = null, string? id = null) => new()
    {
        ["from"] = from,
        ["id"] = id ?? "wamid." + NextId(),
        ["timestamp"] = Seconds(at ?? DateTimeOffset.UtcNow),
        ["type"] = "text",
        ["text"] = new JsonObject { ["body"] = text },
    };

    public static JsonObject Status(string wamid, string status, DateTimeOffset? at = null, Guid? ours = null, int? error = null)
    {
        var json = new JsonObject
        {
            ["id"] = wamid,
            ["status"] = status,
            ["timestamp"] = Seconds(at ?? DateTimeOffset.UtcNow),
            ["recipient_id"] = "15551230000",
        };
        if (ours is { } id)
        {
            json["biz_opaque_callback_data"] = id.ToString();
        }
        if (error is { } code)
        {
            json["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["title"] = "Failed" });
        }
        return json;
    }

    public static string Delivery(params IEnumerable<JsonObject> entries) =>
        new JsonObject { ["object"] = "whatsapp_business_account", ["entry"] = new JsonArray([.. entries]) }.ToJsonString();

    /// <summary>Posts a body with a signature, by default the right one.</summary>
    public static async Task<HttpResponseMessage> PostWhatsappAsync(this HttpClient http, string body, string? signature = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new("application/json");
        if ((signature ?? WhatsappSignature.Of(bytes, Secret)) is { Length: > 0 } value)
        {
            request.Headers.TryAddWithoutValidation(WhatsappSignature.Header, value);
        }
        return await http.SendAsync(request);
    }

    /// <summary>Delivers entries and returns the receipt.</summary>
    public static async Task<JsonElement> DeliverWhatsappAsync(this TestApp app, params IEnumerable<JsonObject> entries)
    {
        using var response = await app.Http.PostWhatsappAsync(Delivery(entries));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.DataAsync();
    }

    /// <summary>A conversation with a person.</summary>
    public static async Task<Guid> CreateWhatsappConversationAsync(
        this TestApp app, Guid organizationId, string peer, Guid? contactId = null, string status = "open")
    {
        var id = Guid.CreateVersion7();
        contactId ??= await app.CreateContactAsync(organizationId);
        await app.ExecuteAsync("""
            insert into app.conversation (id, organization_id, contact_id, peer_id, status, closed_at)
            values (@id, @organizationId, @contactId, @peer, @status, case when @status = 'closed' then now() end)
            """, new { id, organizationId, contactId, peer, status });
        return id;
    }

    /// <summary>A message to the person, as sending stores it; one that is not sent yet waits in the queue.</summary>
    public static async Task<Guid> CreateOutboundMessageAsync(
        this TestApp app, Guid organizationId, Guid conversationId, string status, string? wamid)
    {
        var (id, createdAt) = WebhookLogIds.Create(DateTimeOffset.UtcNow);
        await app.ExecuteAsync("""
            insert into app.message (id, organization_id, conversation_id, direction, type, text, wamid, status, occurred_at, created_at, updated_at)
            values (@id, @organizationId, @conversationId, 'outbound', 'text', 'Hello', @wamid, @status, @createdAt, @createdAt, @createdAt);
            insert into app.message_key (organization_id, key, conversation_id, message_id, message_created_at)
            select @organizationId, 'wamid:' || @wamid, @conversationId, @id, @createdAt where @wamid is not null;
            insert into app.message_queue (organization_id, message_id, message_created_at, conversation_id)
            select @organizationId, @id, @createdAt, @conversationId where @status in ('queued', 'sending', 'unknown');
            """, new { id, organizationId, conversationId, status, wamid, createdAt });
        return id;
    }

    private static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>An organization with its number.</summary>
public sealed record WhatsappLine(Guid OrganizationId, string PhoneNumberId, string WabaId);
