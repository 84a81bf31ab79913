namespace SalesBrain.Core.Whatsapp;

/// <summary>Decisions about connecting a WhatsApp Business Account.</summary>
public static class SignupRules
{
    private static readonly string[] NeededScopes = ["whatsapp_business_management", "whatsapp_business_messaging"];

    /// <summary>Why a token cannot be used for an account; null if it can.</summary>
    /// <param name="isValid">What the vendor says about the token.</param>
    /// <param name="appId">The app that the token was issued to.</param>
    /// <param name="scopes">What the token was granted.</param>
    /// <param name="grantedWabaIds">The accounts that it was granted for.</param>
    /// <param name="ownAppId">The app of this installation.</param>
    /// <param name="wabaId">The account to connect.</param>
    public static TokenRefusal? FindRefusal(
        bool isValid, string? appId, IReadOnlyCollection<string> scopes, IReadOnlyCollection<string> grantedWabaIds, string ownAppId, string wabaId) =>
        !isValid ? TokenRefusal.Invalid
        : appId != ownAppId ? TokenRefusal.OtherApp
        : NeededScopes.Except(scopes).Any() ? TokenRefusal.ScopeMissing
        : !grantedWabaIds.Contains(wabaId) ? TokenRefusal.AccountNotGranted
        : null;

    /// <summary>
    /// The number to use: the wanted one, else the one used before, else the only one. Null: there is none, or somebody has to choose.
    /// </summary>
    public static string? ChooseNumber(IReadOnlyCollection<string> numberIds, string? wanted, string? before) =>
        wanted is not null ? numberIds.FirstOrDefault(id => id == wanted)
        : before is not null && numberIds.Contains(before) ? before
        : numberIds.Count == 1 ? numberIds.First()
        : null;

    /// <summary>
    /// The most messages that a number may send in a second, until the vendor says otherwise. One that is also used in the app may send
    /// fewer.
    /// </summary>
    public static int MessagesPerSecond(bool coexists) => coexists ? 20 : 80;
}

/// <summary>Why a token cannot be used.</summary>
public enum TokenRefusal
{
    /// <summary>The vendor says that it is not valid.</summary>
    Invalid,

    /// <summary>It was issued to another app.</summary>
    OtherApp,

    /// <summary>It may not manage the account, or not send messages.</summary>
    ScopeMissing,

    /// <summary>The account is not among those that it was granted for.</summary>
    AccountNotGranted,
}
