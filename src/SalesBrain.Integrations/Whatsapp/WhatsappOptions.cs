namespace SalesBrain.Integrations.Whatsapp;

/// <summary>The Meta app over which organizations use WhatsApp.</summary>
// A class, not a record: a record's ToString would print the secrets.
public sealed class WhatsappOptions
{
    public const string DefaultVersion = "v23.0";

    /// <summary>The only host that secrets and tokens are sent to, but for the sandbox on this machine.</summary>
    private static readonly Uri Graph = new("https://graph.facebook.com");

    /// <summary>The version of the Graph API, such as <c>v23.0</c>.</summary>
    public string Version { get; init; } = DefaultVersion;

    /// <summary>The app's id; empty: no organization can use WhatsApp.</summary>
    public string AppId { get; init; } = "";

    /// <summary>Signs deliveries of Meta, and proves that a token is used by the app.</summary>
    public string AppSecret { get; init; } = "";

    /// <summary>What Meta presents when an administrator enters the webhook's URL.</summary>
    public string VerifyToken { get; init; } = "";

    /// <summary>The base URL of the sandbox, on this machine; null without it.</summary>
    public Uri? SandboxUrl { get; init; }

    /// <summary>Until the response has arrived. After that, nobody knows whether the request was executed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    public bool IsSetUp => AppId.Length > 0;

    internal Uri BaseUrl => SandboxUrl ?? Graph;
}
