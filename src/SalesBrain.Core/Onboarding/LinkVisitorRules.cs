namespace SalesBrain.Core.Onboarding;

/// <summary>
/// Tells persons from programs that preview links. Messengers fetch links to show a preview, and mail gateways to check them, usually
/// before the person sees the message. Programs can use any user agent (Safe Links of Microsoft Defender looks like an ordinary browser),
/// so this only keeps the counts useful. Fetching is harmless because a GET never uses a link up.
/// </summary>
public static class LinkVisitorRules
{
    /// <summary>Probably a person.</summary>
    public const string Open = "open";

    /// <summary>A program that previews or checks the link.</summary>
    public const string Prefetch = "prefetch";

    /// <summary>Parts of user agents, in any letter case; where their operators say so, or seen in logs where they don't.</summary>
    private static readonly string[] Programs =
    [
        // Slack: api.slack.com/robots
        "Slackbot", "Slack-ImgProxy",
        // Facebook, Instagram, Messenger: developers.facebook.com/docs/sharing/webmasters/web-crawlers. Apple's Messages uses this name
        // too.
        "facebookexternalhit", "Facebot", "meta-externalagent", "meta-externalfetcher",
        // WhatsApp, and Signal by the same name: WhatsApp/2.23.20.0
        "WhatsApp/",
        // Telegram: TelegramBot (like TwitterBot)
        "TelegramBot",
        // Skype and Microsoft Teams: SkypeUriPreview Preview/0.5
        "SkypeUriPreview",
        // Bing and Microsoft's own previews: bing.com/webmasters/help/which-crawlers-does-bing-use-8c184ec0
        "BingPreview", "MicrosoftPreview",
        // Office programs, which look at a link before they hand it to the browser: Microsoft Office Existence Discovery; …; ms-office;
        // MSOffice 16
        "Microsoft Office Existence Discovery", "Microsoft Office Protocol Discovery", "ms-office", "SafeLinks",
        // Gmail's images and Google's other fetchers: developers.google.com/search/docs/crawling-indexing/overview-google-crawlers
        "GoogleImageProxy", "Google-InspectionTool", "Google-Safety", "GoogleOther", "GoogleMessages",
        // Mail gateways that say who they are.
        "Barracuda", "Proofpoint", "Mimecast",
        // Programs that identify themselves: Twitterbot/1.0, LinkedInBot/1.0, Discordbot/2.0, Googlebot/2.1, bingbot/2.0, Applebot/0.1,
        // Pinterestbot/1.0 …
        "bot/", "crawler", "spider",
    ];

    /// <summary><see cref="Prefetch"/> for HEAD and for known programs; otherwise, and without a user agent, <see cref="Open"/>.</summary>
    public static string KindOf(string method, string userAgent) =>
        method.Equals("HEAD", StringComparison.OrdinalIgnoreCase) || Programs.Any(program => userAgent.Contains(program, StringComparison.OrdinalIgnoreCase))
            ? Prefetch
            : Open;
}
