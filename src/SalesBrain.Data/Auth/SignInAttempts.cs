using System.Net;
using SalesBrain.Core.Auth;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Auth;

/// <summary>
/// Lockout. After a few failed sign-ins, each further failure doubles the time for which the account and the IP address are locked (SQL
/// function <c>app.sign_in_delay</c>). Attempts during that time are refused without a check, and count as failures. The statements are the
/// same for existing and unknown accounts. They lock the account before the address, so that they cannot deadlock.
/// </summary>
public static class SignInAttempts
{
    /// <summary>Failures are forgotten this long after the last of them.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>
    /// Returns the user with the e-mail address if the attempt is allowed. Otherwise counts the attempt and returns the seconds to wait.
    /// One round trip.
    /// </summary>
    public static Task<(int? WaitSeconds, SignInRow? User)> AdmitAsync(
        PlatformSession session, AttemptSubject subject, string emailNorm, DateTime now, CancellationToken cancellationToken) =>
        session.QueryMultipleAsync(
            """
            with waiting as (
                select a.kind, a.key from app.sign_in_attempt a
                where (a.kind, a.key) in (('account', @Account), ('address', @Address))
                    and a.last_failed_at + app.sign_in_delay(a.failures) > @now
                order by a.kind for update)
            update app.sign_in_attempt a
            set failures = least(a.failures + 1, @most), last_failed_at = @now
            from waiting w
            where a.kind = w.kind and a.key = w.key
            returning extract(epoch from app.sign_in_delay(a.failures))::int;
            """ + SignInAccounts.FindSignIn,
            new { subject.Account, subject.Address, emailNorm, now, most = MostFailures },
            async (results, token) =>
            {
                var waits = await results.ReadAsync<int>(token);
                var users = await results.ReadAsync<SignInRow>(token);
                return (waits.Count == 0 ? (int?)null : waits.Max(), users.SingleOrDefault());
            },
            cancellationToken);

    /// <summary>
    /// Counts a failure and, if the account exists, writes an audit log entry. One round trip and one statement for both.
    /// </summary>
    public static Task RecordFailureAsync(
        PlatformSession session, AttemptSubject subject, SignInRow? user, IPAddress? address, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            with counted as (
                insert into app.sign_in_attempt as a (kind, key, failures, last_failed_at)
                select s.kind, s.key, 1, @now
                from (values ('account', @Account), ('address', @Address)) s (kind, key)
                where s.key is not null
                order by s.kind
                on conflict (kind, key) do update set
                    failures = case when a.last_failed_at < @forgotten then 1 else least(a.failures + 1, @most) end,
                    last_failed_at = greatest(a.last_failed_at, @now))
            insert into app.audit_log (id, organization_id, action, entity, entity_id, changes, ip, at)
            select @auditId, @OrganizationId, 'user.sign_in_failed', 'user', @Id, '{}', @ip::inet, @now
            where @Id is not null
            """, new
        {
            subject.Account,
            subject.Address,
            user?.OrganizationId,
            user?.Id,
            auditId = Guid.CreateVersion7(now),
            ip = address?.ToString(),
            now = now.UtcDateTime,
            forgotten = (now - Memory).UtcDateTime,
            most = MostFailures,
        }, cancellationToken);

    /// <summary>
    /// Clears the failures of an account after its owner has proved their identity by password or e-mail. Its failures are subtracted from
    /// the IP address too, so that users behind a shared address do not lock each other out.
    /// </summary>
    public static Task ForgiveAsync(PlatformSession session, AttemptSubject subject, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            with own as (delete from app.sign_in_attempt where kind = 'account' and key = @Account returning failures)
            update app.sign_in_attempt a set failures = greatest(a.failures - own.failures, 0)
            from own
            where a.kind = 'address' and a.key = @Address
            """, new { subject.Account, subject.Address }, cancellationToken);

    /// <summary>Deletes a limited number of expired rows and returns their number.</summary>
    public static Task<int> DeleteForgottenAsync(PlatformSession session, DateTime now, int limit, CancellationToken cancellationToken) =>
        session.ExecuteAsync("""
            delete from app.sign_in_attempt
            where (kind, key) in (
                select kind, key from app.sign_in_attempt where last_failed_at < @before order by last_failed_at limit @limit for update skip locked)
            """, new { before = now - Memory, limit }, cancellationToken);

    /// <summary>Counting further would change nothing.</summary>
    private const int MostFailures = 1_000_000;
}
