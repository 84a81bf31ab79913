using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Auth;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Auth;

/// <summary>
/// Processes password reset requests in the background, one after the other. Requests are completed before the process ends. Requests lost
/// in a crash, a database outage or a flood of requests must be repeated by the user.
/// </summary>
public sealed class PasswordResets(
    SalesBrainDatabase database, SetPasswordMails mails, TimeProvider clock, ILogger<PasswordResets> log) : IHostedService
{
    private const int Capacity = 1000;

    private readonly Channel<Request> _queue = Channel.CreateBounded<Request>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private Task _work = Task.CompletedTask;

    /// <summary>Queues a request. Takes constant time and returns nothing, so that the response reveals nothing.</summary>
    public void Add(string emailNorm, IPAddress? address)
    {
        if (!_queue.Writer.TryWrite(new Request(emailNorm, address)))
        {
            log.LogWarning("A request for a password reset was dropped: {Count} are waiting", Capacity);
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
        _queue.Writer.TryComplete();
        await _work.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_work.IsCompleted)
        {
            log.LogWarning("{Count} requests for a password reset were dropped at shutdown", _queue.Reader.Count);
        }
    }

    private async Task WorkAsync()
    {
        await foreach (var request in _queue.Reader.ReadAllAsync())
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

    private async Task ServeAsync(Request request)
    {
        if (await IssueAsync(request, CancellationToken.None) is not { } issued)
        {
            return;
        }
        if (!await mails.SendResetAsync(issued.Email, issued.Token, issued.At))
        {
            // It was not delivered, so it must not count towards the limit.
            await PasswordTokens.DeleteAsync(database.AutoCommitPlatform(), issued.Id, CancellationToken.None);
        }
    }

    private async Task<Issued?> IssueAsync(Request request, CancellationToken cancellationToken)
    {
        if (await SignInAccounts.FindSignInAsync(database.ReadPlatform(), request.EmailNorm, cancellationToken) is not { } found)
        {
            return null;
        }
        var now = clock.GetUtcNow();
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
            "user.password_reset_requested", "user", user.Id, user.OrganizationId, null, null, now, request.Address, new { }), cancellationToken);
        await session.CommitAsync();
        return new Issued(issued.Id, user.Email, issued.Token, now);
    }

    private sealed record Request(string EmailNorm, IPAddress? Address);

    // A class, not a record: a record's ToString would print the token.
    private sealed class Issued(Guid id, string email, string token, DateTimeOffset at)
    {
        public Guid Id { get; } = id;

        public string Email { get; } = email;

        public string Token { get; } = token;

        public DateTimeOffset At { get; } = at;
    }
}
