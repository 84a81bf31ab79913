using SalesBrain.Core.Values;

namespace SalesBrain.Core.Crm;

/// <summary>Which suppression of a contact may follow which.</summary>
public static class SuppressionRules
{
    /// <summary>Whether a user changes what the person decided: an unsubscription ends only when a user says that this is meant.</summary>
    public static bool EndsUnsubscription(string current, string wanted) => current == Unsubscribed && wanted != Unsubscribed;

    /// <summary>The stricter of two, each by its name.</summary>
    public static string Stricter(string one, string other) => RankOf(one) >= RankOf(other) ? one : other;

    private static readonly string Unsubscribed = ContactSuppression.Unsubscribed.ToWireName();

    private static int RankOf(string name) =>
        WireNames.TryParse(typeof(ContactSuppression), name, out var value) ? (int)(ContactSuppression)value! : 0;
}
