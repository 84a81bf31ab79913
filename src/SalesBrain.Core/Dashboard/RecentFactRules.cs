using SalesBrain.Core.Webhooks.Events;

namespace SalesBrain.Core.Dashboard;

/// <summary>The texts of recent activity.</summary>
public static class RecentFactRules
{
    /// <summary>What happened, in a few words: <c>Reply received</c>, <c>Onboarding link created</c>, <c>Signed in</c>.</summary>
    public static string Title(RecentFact fact) => fact.Kind switch
    {
        "webhook" => EventTypes.Find(fact.Action)?.Label ?? fact.Action,
        "sign_in" => "Signed in",
        _ => Sentence(fact.Action),
    };

    /// <summary>The person and the campaign concerned; null if neither is known.</summary>
    public static string? Summary(RecentFact fact) => (fact.ContactEmail ?? fact.ActorName, fact.CampaignName) switch
    {
        ({ } who, { } campaign) => $"{who} in {campaign}",
        ({ } who, null) => who,
        (null, { } campaign) => campaign,
        _ => null,
    };

    /// <summary><c>onboarding_link.created</c> → <c>Onboarding link created</c>.</summary>
    private static string Sentence(string action)
    {
        var words = action.Replace('.', ' ').Replace('_', ' ').Trim();
        return words.Length == 0 ? action : char.ToUpperInvariant(words[0]) + words[1..];
    }
}
