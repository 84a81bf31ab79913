namespace SalesBrain.Core.Onboarding;

/// <summary>What an onboarding link can be, and how it is extended.</summary>
public static class OnboardingLinkRules
{
    public const string Active = "active";
    public const string Expired = "expired";
    public const string Used = "used";
    public const string Revoked = "revoked";

    /// <summary>
    /// The new expiry of an extended link. The days count from now or from the old expiry, whichever is later, so that an extended link is
    /// never expired.
    /// </summary>
    public static DateTime Extend(DateTime expiresAt, DateTime now, int days) => (expiresAt > now ? expiresAt : now).AddDays(days);
}
