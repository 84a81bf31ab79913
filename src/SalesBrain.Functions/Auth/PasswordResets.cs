using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Auth;

/// <summary>
/// Processes password reset requests in the background, one after the other; IP addresses take turns. Requests are completed before the
/// process ends. Requests lost in a crash or a database outage must be repeated by the user. Beyond <see cref="MailLimit.Reset"/> nothing
/// happens.
/// </summary>
public sealed class PasswordResets(
    SalesBrainDatabase database, SetPasswordMails mails, TimeProvider clock, ILogger<PasswordResets> log) : IHostedService, IDisposable
{
    private const int Capacity = 1000;

    private static readonly TimeSpan LogEvery = TimeSpan.FromMinutes(1);

    private readonly ResetQueue _queue = new(MailLimit.Reset.Most, Capacity);
    private readonly Lock _ignoring = new();
    private Task _work = Task.CompletedTask;
    private int _ignored;
    private DateTimeOffset _loggedAt = DateTimeOffset.MinValue;

    /// <summary>Whether all requests that were queued are completed.</summary>
    internal bool IsIdle => _queue.IsIdle;

    /// <summary>Queues a request. Takes constant time and returns nothing, so that the response reveals nothing.</summary>
    public void Add(string emailNorm, IPAddress? address)
    {
        if (!_queue.TryAdd(new QueuedReset(emailNorm, address)))
        {
            NoteIgnored();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _work = WorkAsync();
        return Task.CompletedTask;
    }

    /// <summary>Accepts no further requests and completes the queued ones, as long as the host allows.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Complete();
        await _work.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_work.IsCompleted)
        {
            log.LogWarning("{Count} requests for a password reset were dropped at shutdown", _queue.Count);
        }
    }

    public void Dispose() => _queue.Dispose();

    private async Task WorkAsync()
    {
        while (await _queue.TakeAsync() is { } request)
        {
            try
            {
                await ServeAsync(request);
            }
            catch (Exception e)
            {
                log.LogError(e, "A request for a password reset failed");
            }
        }
    }

    /// <summary>Logs at most one line a minute: a flood must not fill the log.</summary>
    private void NoteIgnored()
    {
        lock (_ignoring)
        {
            _ignored++;
            var now = clock.GetUtcNow();
            if (now - _loggedAt >= LogEvery)
            {
                log.LogWarning(
                    "{Count} requests for a password reset were ignored: an IP address or an account may request {Most} an hour", _ignored,
                    MailLimit.Reset.Most);
                (_ignored, _loggedAt) = (0, now);
            }
        }
    }

    private async Task ServeAsync(QueuedReset request)
    {
        if (await IssueAsync(request, CancellationToken.None) is not { } issued)
        {
            return;
        }
        if (!await mails.SendResetAsync(issued.Email, issued.Token, issued.At))
        {
            // It was not delivered, so it must not count towards the limit.
            await PasswordTokens.DeleteAsync(database.AutoCommitPlatform(), issued.Id, CancellationToken.None);
            await MailLimits.TakeBackAsync(database.AutoCommitPlatform(), MailLimit.Reset, request.EmailNorm, CancellationToken.None);
        }
    }

    private async Task<Issued?> IssueAsync(QueuedReset request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // Counted before the look-up, for accounts that do not exist as well.
        if (!await MailLimits.CountResetAsync(database.AutoCommitPlatform(), request.Subject, now, cancellationToken))
        {
            NoteIgnored();
            return null;
        }
        if (await SignInAccounts.FindSignInAsync(database.ReadPlatform(), request.EmailNorm, cancellationToken) is not { } found)
        {
            return null;
        }
        await using var session = await database.WritePlatformAsync(cancellationToken);
        var user = await SignInAccounts.LockSignInAsync(session, found.Id, cancellationToken);
        // Invited users already have an e-mail, or can ask for a new invitation.
        if (user is not { Status: "active", OrganizationStatus: null or "active" }
            || await PasswordTokens.IssueResetAsync(session, user.OrganizationId, user.Id, now, cancellationToken) is not { } issued)
        {
            log.LogInformation("A password reset was requested for user {UserId}, but no e-mail was sent", found.Id);
            return null;
        }
        await AuditLog.WriteAsync(session, new AuditEntry(
            "user.password_reset_requested", "user", user.Id, user.OrganizationId, null, null, now, request.Address,
            new { }), cancellationToken);
        await session.CommitAsync();
        return new Issued(issued.Id, user.Email, issued.Token, now);
    }

    // A class, not a record: a record's ToString would print the token.
    private sealed class Issued(Guid id, string email, string token, DateTimeOffset at)
    {
        public Guid Id { get; } = id;

        public string Email { get; } = email;

        public string Token { get; } = token;

        public DateTimeOffset At { get; } = at;
    }
}
