namespace SalesBrain.Core.Auth;

/// <summary>
/// The lifetime of sessions and the rules of refresh token rotation.
/// <para>
/// Each token is exchanged once, for its child. If a token is presented again, two parties hold it, and one of them may be an attacker; so
/// the session ends. There is one exception for legitimate clients: two browser tabs, or a retry after a lost response, present the same
/// token twice within seconds. So a used token can be exchanged again for 30 s, for another child, until one of its children has been
/// exchanged. (The first child cannot be returned again, because only its hash is stored.) All children belong to the same family and follow
/// the same rules. The cost: an attacker who uses a stolen token within those 30 s gets a child without being noticed. It ends with the
/// session: at sign-out, at a password change, or after 60 days.
/// </para>
/// </summary>
public static class RefreshRules
{
    /// <summary>How long a token can be exchanged.</summary>
    public static readonly TimeSpan TokenLifetime = TimeSpan.FromDays(14);

    /// <summary>How long after the sign-in a session ends, however often it was refreshed.</summary>
    public static readonly TimeSpan SessionLifetime = TimeSpan.FromDays(60);

    /// <summary>How long after its exchange a token may be presented once more.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>The expiry of a token that is created now, in a session that started at the given time.</summary>
    public static DateTime ExpiresAt(DateTime signedInAt, DateTime now)
    {
        var (sliding, last) = (now + TokenLifetime, signedInAt + SessionLifetime);
        return sliding < last ? sliding : last;
    }

    /// <summary>What to do with a presented token; null for an unknown token.</summary>
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
    /// <summary>It is unknown, expired, signed out, or its user is no longer active.</summary>
    Refuse,

    /// <summary>It is used for the first time: give its child.</summary>
    Exchange,

    /// <summary>It was used a moment ago: give another child.</summary>
    ExchangeAgain,

    /// <summary>The token was used before, so it may be stolen. End the session.</summary>
    EndSession,
}
