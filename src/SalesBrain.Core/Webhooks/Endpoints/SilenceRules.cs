using System.Globalization;

namespace SalesBrain.Core.Webhooks.Endpoints;

/// <summary>The interval without deliveries after which owners are notified: its format and the notification texts.</summary>
public static class SilenceRules
{
    /// <summary>The validation message for the format that <see cref="Parse"/> accepts.</summary>
    public const string Form = "must be minutes, hours or days, from 1m to 30d, such as 90m, 2h or 7d";

    /// <summary>The texts that <see cref="Parse"/> accepts, without leading zeros.</summary>
    public const string Pattern =
        "^(([1-9][0-9]{0,3}|[1-3][0-9]{4}|4[0-2][0-9]{3}|43[01][0-9]{2}|43200)m|([1-9][0-9]?|[1-6][0-9]{2}|7[01][0-9]|720)h|([1-9]|[12][0-9]|30)d)$";

    private const int Longest = 30 * 24 * 60;

    /// <summary>
    /// Parses a whole number with a unit, <c>m</c>, <c>h</c> or <c>d</c>. Null if the text is malformed or not from 1 minute to 30 days.
    /// </summary>
    public static TimeSpan? Parse(string text)
    {
        if (text.Length is < 2 or > 6 || !int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }
        var minutes = text[^1] switch
        {
            'm' => number,
            'h' => number * 60L,
            'd' => number * 24 * 60L,
            _ => 0,
        };
        return minutes is >= 1 and <= Longest ? TimeSpan.FromMinutes(minutes) : null;
    }

    /// <summary>The shortest writing that <see cref="Parse"/> reads back: <c>2h</c>, not <c>120m</c>.</summary>
    public static string Format(TimeSpan interval)
    {
        var minutes = (long)interval.TotalMinutes;
        return minutes switch
        {
            _ when minutes % (24 * 60) == 0 => $"{minutes / (24 * 60)}d",
            _ when minutes % 60 == 0 => $"{minutes / 60}h",
            _ => $"{minutes}m",
        };
    }

    /// <summary>The notification when an endpoint falls silent or receives again.</summary>
    public static SilenceNotification Notification(SilenceChange change)
    {
        var interval = Format(TimeSpan.FromSeconds(change.ExpectEverySeconds));
        if (change.ReceivedAt is { } received && !change.IsSilent)
        {
            return new SilenceNotification(
                "webhook.resumed", "Webhooks arrive again",
                $"{change.Name} has received webhooks again since {Time(received)}. It had received nothing since "
                + $"{Time(change.SilentSince)}.");
        }
        var refused = change.Refused switch
        {
            0 => "",
            1 => " One delivery was refused in this time: see the rejections.",
            _ => $" {change.Refused} deliveries were refused in this time: see the rejections.",
        };
        return new SilenceNotification(
            "webhook.silent", "No webhooks arrive",
            $"{change.Name} has received nothing since {Time(change.SilentSince)}; something is expected every {interval}.{refused}");
    }

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}

/// <summary>A notification's type, title and body.</summary>
public sealed record SilenceNotification(string Type, string Title, string Body);
