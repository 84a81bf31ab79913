namespace SalesBrain.Core.Auth;

/// <summary>
/// The lifetime of sessions and the rules of refresh token rotation.
/// <para>
/// Each token is exchanged once, for a new token: its child. If a used token is presented again, two parties have it, and one of them may
/// be an attacker. So the session ends. There is one exception for legitimate clients, such as two browser tabs or a retry after a lost
/// response: for 30 s after its first exchange, a used token can be exchanged again, unless one of its children has been exchanged. Each
/// exchange creates another child, because only the hash of the first one is stored. All children belong to the same session (the token
/// family) and follow the same rules. The cost: an attacker who uses a stolen token within those 30 s gets a child unnoticed. The attacker
/// loses access when the session ends: at sign-out, at a password change, or after 60 days.
/// </para>
/// </summary>
public static class RefreshRules
{
    /// <summary>How long after its creation a token can be exchanged for the first time.</summary>
    public static readonly TimeSpan TokenLifetime = TimeSpan.FromDays(14);

    /// <summary>How long after the sign-in a session ends, however often it was refreshed.</summary>
    public static readonly TimeSpan SessionLifetime = TimeSpan.FromDays(60);

    /// <summary>How long after its first exchange a token can be exchanged again.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>The expiry of a token that is created now, in a session that started at the given time.</summary>
    public static DateTime ExpiresAt(DateTime signedInAt, DateTime now)
    {
        var (sliding, last) = (now + TokenLifetime, signedInAt + SessionLifetime);
        return sliding < last ? sliding : last;
    }

    /// <summary>Decides what to do with a presented token. <paramref name="token"/> is null if the token is unknown.</summary>
    public static RefreshDecision Decide(RefreshTokenRow? token, DateTime now)
    {
        if (token is null || token.FamilyRevokedAt is not null || token.ExpiresAt <= now || token.Status != "active")
        {
            return RefreshDecision.Refuse;
        }
        if (token.RotatedAt is not { } rotatedAt)
        {
            return RefreshDecision.Exchange;
        }
        return now - rotatedAt <= Grace && !token.ChildRotated ? RefreshDecision.ExchangeAgain : RefreshDecision.EndSession;
    }
}

/// <summary>What to do with a presented refresh token.</summary>
public enum RefreshDecision
{
    /// <summary>The token is unknown or expired, its session has ended, or its user is not active.</summary>
    Refuse,

    /// <summary>It is used for the first time: give its child.</summary>
    Exchange,

    /// <summary>
    /// The token was first used within <see cref="RefreshRules.Grace"/>, and none of its children was: give another child.
    /// </summary>
    ExchangeAgain,

    /// <summary>The token was used before, so it may be stolen. End the session.</summary>
    EndSession,
}
