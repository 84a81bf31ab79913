namespace SalesBrain.Core.Auth;

/// <summary>
/// How long sessions last and what a presented refresh token is worth.
/// <para>
/// Each token is exchanged once for its child. Presenting it again means that it is in two hands, one of them perhaps a thief's, and ends the
/// session: whoever of the two comes second is noticed. The exception is what honest programs do: two tabs, or a retry after a lost answer,
/// present one token twice within seconds. So for 30 s after its exchange, and only until one of its children has been exchanged in turn,
/// a token is exchanged again, for another child beside the first. (Its "successor" can't be handed out twice: only its hash is known.) The
/// children are equals, all of the one family, and each goes on by these rules. What it costs: a thief who is as quick as a second
/// tab gets a child that nobody misses; it ends with the session, at a sign-out, a new password or the end of the 60 days.
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

    /// <summary>When a token made now in a session of that age expires.</summary>
    public static DateTime ExpiresAt(DateTime signedInAt, DateTime now)
    {
        var (sliding, last) = (now + TokenLifetime, signedInAt + SessionLifetime);
        return sliding < last ? sliding : last;
    }

    /// <summary>What to do with a presented token; null is one that nobody was given.</summary>
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

    /// <summary>It was used before: somebody has it who should not. End the session.</summary>
    EndSession,
}
