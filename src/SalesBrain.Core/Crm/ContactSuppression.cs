namespace SalesBrain.Core.Crm;

/// <summary>Why a contact must not receive messages, from the weakest reason to the strictest.</summary>
public enum ContactSuppression
{
    /// <summary>The contact may receive messages.</summary>
    None = 1,

    /// <summary>A message could not be delivered.</summary>
    Bounced,

    /// <summary>A user of SalesBrain decided it.</summary>
    Manual,

    /// <summary>The person has unsubscribed.</summary>
    Unsubscribed,
}
