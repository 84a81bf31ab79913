using System.Text.Json.Nodes;

namespace SalesBrain.Integrations.Whatsapp;

/// <summary>A message to send.</summary>
// A class, not a record: a record's ToString would print the text and the number.
public sealed class WhatsappMessage
{
    /// <summary>The vendor's id of the person: often the phone number in digits.</summary>
    public required string To { get; init; }

    /// <summary>Such as <c>text</c> or <c>template</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The member that is named as the type, such as <c>{"body":"Hello"}</c>.</summary>
    public required JsonNode Body { get; init; }

    /// <summary>Comes back in the statuses of the message: our id of it.</summary>
    public string? CallbackData { get; init; }

    /// <summary>The vendor's id of the message that this one answers.</summary>
    public string? ReplyTo { get; init; }

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["messaging_product"] = "whatsapp", ["recipient_type"] = "individual", ["to"] = To };
        if (ReplyTo is not null)
        {
            json["context"] = new JsonObject { ["message_id"] = ReplyTo };
        }
        json["type"] = Type;
        json[Type] = Body.DeepClone();
        if (CallbackData is not null)
        {
            json["biz_opaque_callback_data"] = CallbackData;
        }
        return json;
    }
}
