using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace SalesBrain.LocalHost.Sandbox.Whatsapp;

/// <summary>A WhatsApp Business Account of the sandbox, with its phone numbers and the token that was granted for it.</summary>
public sealed class WhatsappSandboxAccount
{
    public string WabaId { get; init; } = Id('2');

    public string Token { get; init; } = $"SBX{Convert.ToHexString(RandomNumberGenerator.GetBytes(24))}";

    /// <summary>The phone numbers; the first one is what a signup usually chooses.</summary>
    public List<WhatsappSandboxNumber> Numbers { get; init; } = [new()];

    /// <summary>What <c>debug_token</c> says about the token.</summary>
    public string TokenAppId { get; set; } = WhatsappSandbox.AppId;
    public bool IsTokenValid { get; set; } = true;
    public List<string> Scopes { get; init; } = ["whatsapp_business_management", "whatsapp_business_messaging"];

    /// <summary>The accounts that the token was granted for. Null: this one.</summary>
    public List<string>? GrantedWabaIds { get; set; }

    public bool IsSubscribed { get; set; }

    /// <summary>Most items of a page, whatever the limit in the request.</summary>
    public int PageSize { get; set; } = 25;

    public List<WhatsappSandboxTemplate> Templates { get; init; } =
    [
        new("appointment_reminder", "en_US", "APPROVED", "UTILITY", "Hello {{1}}, we look forward to seeing you on {{2}}."),
        new("appointment_reminder", "de", "APPROVED", "UTILITY", "Hallo {{1}}, wir freuen uns auf Ihren Besuch am {{2}}."),
        new("spring_offer", "en_US", "PENDING", "MARKETING", "Our spring offer is here."),
    ];

    /// <summary>
    /// Calls that fail, by their last path segment, such as <c>register</c>: with this HTTP status and Graph code, or with a page that is
    /// no JSON where the code is null.
    /// </summary>
    public ConcurrentDictionary<string, (int Status, int? Code)> Failures { get; } = new(StringComparer.Ordinal);

    /// <summary>The calls that named the account or one of its numbers, in order, such as <c>POST register</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>A random id of the vendor's form.</summary>
    internal static string Id(char first) => first + RandomNumberGenerator.GetString("0123456789", 14);
}

/// <summary>A phone number of the sandbox.</summary>
public sealed class WhatsappSandboxNumber
{
    public string Id { get; init; } = WhatsappSandboxAccount.Id('1');
    public string DisplayNumber { get; init; } = $"+1 555-{RandomNumberGenerator.GetString("0123456789", 7)}";
    public string VerifiedName { get; init; } = "Sandbox";
    public string Quality { get; set; } = "GREEN";

    /// <summary>The PIN that it was registered with; null: it is not registered.</summary>
    public string? Pin { get; set; }
}

public sealed record WhatsappSandboxTemplate(string Name, string Language, string Status, string Category, string Body)
{
    /// <summary>False: they are an empty object instead of an array, as some of the vendor's libraries write an empty array.</summary>
    public bool HasComponents { get; init; } = true;
}

/// <summary>A message that the sandbox took.</summary>
/// <param name="Json">The request's body.</param>
public sealed record WhatsappSandboxMessage(
    string Wamid, WhatsappSandboxAccount Account, WhatsappSandboxNumber Number, string To, System.Text.Json.Nodes.JsonObject Json)
{
    /// <summary>What comes back in the statuses.</summary>
    public string? CallbackData => (string?)Json["biz_opaque_callback_data"];
}
