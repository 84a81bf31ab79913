using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace SalesBrain.LocalHost.Sandbox.Whatsapp;

/// <summary>The events of WhatsApp's webhook, as Meta writes them.</summary>
public static class WhatsappEvents
{
    /// <summary>A delivery of one or more entries.</summary>
    public static JsonObject Delivery(params IEnumerable<JsonObject> entries) => new()
    {
        ["object"] = "whatsapp_business_account",
        ["entry"] = new JsonArray([.. entries]),
    };

    /// <summary>An entry of an account with one change for each value.</summary>
    public static JsonObject Entry(string wabaId, params IEnumerable<JsonObject> values) => new()
    {
        ["id"] = wabaId,
        ["changes"] = new JsonArray([.. values.Select(value => new JsonObject { ["field"] = "messages", ["value"] = value })]),
    };

    /// <summary>A message of a person to a number.</summary>
    /// <param name="number">The number it was sent to.</param>
    /// <param name="from">The vendor's id of the person.</param>
    /// <param name="name">As the person calls themselves.</param>
    /// <param name="type">Such as <c>text</c>, or a type that nobody knows.</param>
    /// <param name="content">The member that is named as the type.</param>
    /// <param name="at">The vendor's timestamp.</param>
    /// <param name="wamid">The vendor's id; null: a random one.</param>
    public static JsonObject Inbound(WhatsappSandboxNumber number, string from, string name, string type, JsonNode content, DateTimeOffset at, string? wamid = null) => new()
    {
        ["messaging_product"] = "whatsapp",
        ["metadata"] = Metadata(number),
        ["contacts"] = new JsonArray(new JsonObject { ["profile"] = new JsonObject { ["name"] = name }, ["wa_id"] = from }),
        ["messages"] = new JsonArray(new JsonObject
        {
            ["from"] = from,
            ["id"] = wamid ?? CreateWamid(),
            ["timestamp"] = Seconds(at),
            ["type"] = type,
            [type] = content.DeepClone(),
        }),
    };

    /// <summary>A text of a person to a number.</summary>
    public static JsonObject Text(
        WhatsappSandboxNumber number, string from, string name, string body, DateTimeOffset at, string? wamid = null) =>
        Inbound(number, from, name, "text", new JsonObject { ["body"] = body }, at, wamid);

    /// <summary>A status of a message: <c>sent</c>, <c>delivered</c>, <c>read</c>, or <c>failed</c> with a code.</summary>
    public static JsonObject Status(WhatsappSandboxMessage message, string status, DateTimeOffset at, int? code = null) =>
        Status(message.Number, message.Wamid, message.To, status, at, message.CallbackData, code);

    /// <summary>A status of a message that the sandbox need not know.</summary>
    public static JsonObject Status(
        WhatsappSandboxNumber number, string wamid, string recipient, string status, DateTimeOffset at, string? callbackData = null, int? code = null)
    {
        var json = new JsonObject { ["id"] = wamid, ["status"] = status, ["timestamp"] = Seconds(at), ["recipient_id"] = recipient };
        if (callbackData is not null)
        {
            json["biz_opaque_callback_data"] = callbackData;
        }
        if (code is not null)
        {
            json["errors"] = new JsonArray(new JsonObject
            {
                ["code"] = code,
                ["title"] = "Message undeliverable",
                ["message"] = "Message undeliverable",
                ["error_data"] = new JsonObject { ["details"] = "Message undeliverable." },
                ["href"] = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
            });
        }
        return new JsonObject { ["messaging_product"] = "whatsapp", ["metadata"] = Metadata(number), ["statuses"] = new JsonArray(json) };
    }

    /// <summary>A random id of a message.</summary>
    public static string CreateWamid() => $"wamid.{Convert.ToHexString(RandomNumberGenerator.GetBytes(16))}";

    private static JsonObject Metadata(WhatsappSandboxNumber number) => new()
    {
        ["display_phone_number"] = string.Concat(number.DisplayNumber.Where(char.IsAsciiDigit)),
        ["phone_number_id"] = number.Id,
    };

    private static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
