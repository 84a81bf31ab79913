using SalesBrain.Core.Values;

namespace SalesBrain.Core.Crm;

/// <summary>Which suppression of a contact may follow which.</summary>
public static class SuppressionRules
{
    /// <summary>Whether a user changes what the person decided: an unsubscription ends only when a user says that this is meant.</summary>
    public static bool EndsUnsubscription(string current, string wanted) => current == Unsubscribed && wanted != Unsubscribed;

    private static readonly string Unsubscribed = ContactSuppression.Unsubscribed.ToWireName();
}
