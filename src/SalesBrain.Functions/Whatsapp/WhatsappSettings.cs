using System.Text.RegularExpressions;
using SalesBrain.Functions.Configuration;
using SalesBrain.Integrations.Whatsapp;

namespace SalesBrain.Functions.Whatsapp;

/// <summary>Settings <c>Whatsapp__…</c>.</summary>
internal static partial class WhatsappSettings
{
    /// <summary>Shorter ones can be guessed from a delivery and its signature.</summary>
    private const int MinSecretLength = 12;

    internal static WhatsappOptions Read(SettingsReader settings)
    {
        var version = settings.Text("Whatsapp__GraphVersion", "the version of Meta's Graph API", WhatsappOptions.DefaultVersion);
        settings.Check(
            version.Length == 0 || Version().IsMatch(version),
            "Whatsapp__GraphVersion must be a version such as v23.0: the version of Meta's Graph API.");
        var appId = settings.Text("Whatsapp__AppId", "the id of the Meta app over which organizations use WhatsApp", "");
        settings.Check(
            appId.All(char.IsAsciiDigit), "Whatsapp__AppId must be digits: the id of the Meta app over which organizations use WhatsApp.");
        var appSecret = settings.Text("Whatsapp__AppSecret", "the secret of the Meta app", "");
        settings.Check(
            appSecret.Length is 0 or >= MinSecretLength,
            $"Whatsapp__AppSecret must be at least {MinSecretLength} characters: the secret of the Meta app.");
        var verifyToken = settings.Text("Whatsapp__VerifyToken", "what Meta presents when the webhook's URL is entered", "");
        settings.Check(
            verifyToken.Length is 0 or >= MinSecretLength,
            $"Whatsapp__VerifyToken must be at least {MinSecretLength} characters: what Meta presents when the webhook's URL is entered.");
        settings.Check(
            (appId.Length, appSecret.Length, verifyToken.Length) is (0, 0, 0) or ( > 0, > 0, > 0),
            "Whatsapp__AppId, Whatsapp__AppSecret and Whatsapp__VerifyToken must be set together.");
        var sandbox = settings.OptionalUrl("Whatsapp__SandboxUrl", "the base URL of the WhatsApp sandbox on this machine");
        settings.Check(
            sandbox is null || (Uri.TryCreate(sandbox, UriKind.Absolute, out var url) && url.IsLoopback),
            "Whatsapp__SandboxUrl must be an absolute http or https URL of this machine: the base URL of the WhatsApp sandbox.");
        return new()
        {
            Version = version,
            AppId = appId,
            AppSecret = appSecret,
            VerifyToken = verifyToken,
            SandboxUrl = sandbox is null ? null : new Uri(sandbox),
        };
    }

    [GeneratedRegex(@"^v[0-9]{1,3}\.[0-9]{1,2}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Version();
}
