using SalesBrain.Functions.Configuration;

namespace SalesBrain.Functions.Onboarding;

/// <summary>Settings <c>Onboarding__…</c>.</summary>
public sealed record OnboardingOptions
{
    /// <summary>The URL of the onboarding pages, the base of onboarding links.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>Unknown links that one address may try within <see cref="GuessPeriod"/>.</summary>
    public int GuessLimit { get; init; } = 30;

    /// <summary>How long guesses count, from the first on.</summary>
    public TimeSpan GuessPeriod { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The URL that is sent to a person.</summary>
    internal string LinkUrl(string token) => $"{BaseUrl.AbsoluteUri.TrimEnd('/')}/o/{token}";

    internal static OnboardingOptions Read(SettingsReader settings) => new()
    {
        BaseUrl = settings.Url(
            "Onboarding__BaseUrl", "the URL of the onboarding pages, the base of onboarding links", "https://onboarding.salesbrain.com"),
        GuessLimit = settings.Number(
            "Onboarding__GuessLimit", "the number of unknown links that an IP address can try per period", 30, 1, 10_000),
        GuessPeriod = TimeSpan.FromMinutes(
            settings.Number("Onboarding__GuessPeriodMinutes", "the length of that period in minutes", 10, 1, 1440)),
    };
}
