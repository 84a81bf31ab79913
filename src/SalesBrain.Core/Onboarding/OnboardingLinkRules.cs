namespace SalesBrain.Core.Onboarding;

/// <summary>What an onboarding link can be, and how it is extended.</summary>
public static class OnboardingLinkRules
{
    public const string Active = "active";
    public const string Expired = "expired";
    public const string Used = "used";
    public const string Revoked = "revoked";

    /// <summary>When a link expires that gets more days: they count from now or from the old expiry, whichever is later, so that it is never expired still.</summary>
    public static DateTime Extend(DateTime expiresAt, DateTime now, int days) => (expiresAt > now ? expiresAt : now).AddDays(days);
}
