using SalesBrain.Core.Auth;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Auth;

/// <summary>A limit on mails: how many within which time, for each key of its kind.</summary>
public sealed record MailLimit(string Kind, int Most, TimeSpan Period)
{
    /// <summary>Invitations to an e-mail address.</summary>
    public static readonly MailLimit Invitation = new("invitation", 3, TimeSpan.FromDays(1));

    /// <summary>Mails about changes of an e-mail address, for the old address and for the new one.</summary>
    public static readonly MailLimit EmailChange = new("email_change", 3, TimeSpan.FromDays(1));

    /// <summary>Requests for a password reset, for each account, existing or not, and for each IP address.</summary>
    public static readonly MailLimit Reset = new("reset_account", 5, TimeSpan.FromHours(1));
}

/// <summary>
/// Counts mails for limits, in PostgreSQL, because instances share nothing. Each count is one statement on one row, so that concurrent
/// requests cannot exceed a limit together. E-mail addresses are stored as SHA-256.
/// </summary>
public static class MailLimits
{
    /// <summary>Counts are kept this long after the last of them.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    // Only the times that still count are kept.
    private const string OnConflict = """
        on conflict (kind, key) do update set
            counted_at = array(select t from unnest(l.counted_at) t where t > @since) || @now::timestamptz, last_counted_at = greatest(l.last_counted_at, @now)
        where (select count(*) from unnest(l.counted_at) t where t > @since) < @most
        """;

    /// <summary>Counts a mail to an e-mail address. Returns null, or the time to wait if the limit is reached.</summary>
    public static async Task<TimeSpan?> CountAsync(
        PlatformSession session, MailLimit limit, string emailNorm, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (isCounted, first) = await session.QueryMultipleAsync(
            $"""
            insert into app.mail_limit as l (kind, key, counted_at, last_counted_at)
            values (@kind, @key, array[@now::timestamptz], @now)
            {OnConflict}
            returning true;
            select min(t) from app.mail_limit l, unnest(l.counted_at) t where l.kind = @kind and l.key = @key and t > @since
            """,
            new
            {
                kind = limit.Kind,
                key = AttemptSubject.AccountKey(emailNorm),
                most = limit.Most,
                now = now.UtcDateTime,
                since = (now - limit.Period).UtcDateTime,
            },
            async (results, token) =>
                ((await results.ReadAsync<bool>(token)).Count > 0, (await results.ReadAsync<DateTime?>(token)).Single()),
            cancellationToken);
        if (isCounted)
        {
            return null;
        }
        // The clock of another instance may be ahead.
        var wait = first is { } time ? time + limit.Period - now.UtcDateTime : TimeSpan.Zero;
        return wait < limit.Period ? wait : limit.Period;
    }

    /// <summary>Takes the last count back: the mail was not sent.</summary>
    public static Task TakeBackAsync(PlatformSession session, MailLimit limit, string emailNorm, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            "update app.mail_limit set counted_at = trim_array(counted_at, 1) where kind = @kind and key = @key "
            + "and cardinality(counted_at) > 0",
            new { kind = limit.Kind, key = AttemptSubject.AccountKey(emailNorm) }, cancellationToken);

    /// <summary>
    /// Counts a request for a password reset, by IP address and by account, existing or not. Returns false if either limit is reached. What
    /// the address may not request does not count for the account.
    /// </summary>
    public static Task<bool> CountResetAsync(
        PlatformSession session, AttemptSubject subject, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.QuerySingleAsync<bool>(
            $"""
            with address as (
                insert into app.mail_limit as l (kind, key, counted_at, last_counted_at)
                select 'reset_address', @Address, array[@now::timestamptz], @now where @Address::text is not null
                {OnConflict}
                returning true),
            account as (
                insert into app.mail_limit as l (kind, key, counted_at, last_counted_at)
                select @kind, @Account, array[@now::timestamptz], @now where @Address::text is null or exists (select from address)
                {OnConflict}
                returning true)
            select exists (select from account)
            """,
            new
            {
                subject.Account,
                subject.Address,
                kind = MailLimit.Reset.Kind,
                most = MailLimit.Reset.Most,
                now = now.UtcDateTime,
                since = (now - MailLimit.Reset.Period).UtcDateTime,
            },
            cancellationToken);

    /// <summary>Deletes a limited number of rows that no longer count and returns their number.</summary>
    public static Task<int> DeleteForgottenAsync(PlatformSession session, DateTime now, int limit, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            delete from app.mail_limit
            where (kind, key) in (
                select kind, key from app.mail_limit where last_counted_at < @before order by last_counted_at limit @limit for update skip locked)
            """, new { before = now - Memory, limit }, cancellationToken);
}
