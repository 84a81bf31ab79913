using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using SalesBrain.Core.Assignments;
using SalesBrain.Core.Imports;
using SalesBrain.Core.Security;
using SalesBrain.Data.Imports.Running;
using SalesBrain.Data.Security;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Imports.Sources;
using SalesBrain.Integrations;

namespace SalesBrain.Functions.Imports.Running;

/// <summary>
/// Runs import jobs. A worker holds a job for a slice of a few minutes. A page is fetched, and written in one transaction that also moves
/// the cursor, renews the lease and reads what users asked for: a crash at any moment repeats at most the fetching of one page.
/// </summary>
public sealed class ImportRunner(
    SalesBrainDatabase database, ISourceAdapters adapters, SourceInput sources, AssignmentSignal assignment, ImportSignal signal,
    AddressHashKeys hashKeys, IOptions<ImportOptions> options, TimeProvider clock, ILogger<ImportRunner> log) : IDisposable
{
    /// <summary>How long a worker keeps a job without a sign of life.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    /// <summary>How long a page may take to fetch: less than the lease, so that no other worker takes the job meanwhile.</summary>
    public static readonly TimeSpan FetchLimit = TimeSpan.FromSeconds(45);

    private const int PageSize = 100;
    private const int CsvPageSize = 1000;
    private const int MaxConflicts = 10;

    private static readonly TimeSpan Slice = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>Waits for a source's next turn that are longer end the slice.</summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(5);

    private readonly Guid _owner = Guid.NewGuid();
    private readonly SemaphoreSlim _places = new(options.Value.PerInstance);

    /// <summary>
    /// Runs jobs that are due until none is left, at most for a slice and what is running then. Returns how many times it took a job.
    /// Throws <see cref="NpgsqlException"/> if the database is not available.
    /// </summary>
    public async Task<int> RunDueAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var running = new List<Task>();
        var taken = 0;
        // No job is taken if nobody can tell who was erased.
        await hashKeys.GetAsync(cancellationToken);
        try
        {
            bool isSignalled;
            do
            {
                isSignalled = false;
                while (clock.GetElapsedTime(started) < Slice && await StartNextAsync(cancellationToken) is { } job)
                {
                    running.Add(job);
                    taken++;
                }
                if (running.Count > 0)
                {
                    isSignalled = await WaitForAnyAsync(running, cancellationToken);
                    foreach (var done in running.FindAll(task => task.IsCompleted))
                    {
                        running.Remove(done);
                        await done;
                    }
                }
            }
            while (running.Count > 0 || isSignalled);
            return taken;
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    public void Dispose() => _places.Dispose();

    /// <summary>
    /// Waits until a job ends, one is started, or for a while: jobs become due while others run. True if the signal was taken: whoever
    /// takes it looks for the job.
    /// </summary>
    private async Task<bool> WaitForAnyAsync(List<Task> running, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var started = signal.WaitAsync(LookAgain, enough.Token);
        await Task.WhenAny([.. running, started]);
        await enough.CancelAsync();
        await ((Task)started).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return started.IsCompletedSuccessfully && await started;
    }

    /// <summary>Starts the next job; null if none is due, or the instance has no place for one.</summary>
    private async Task<Task?> StartNextAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || !await _places.WaitAsync(0, CancellationToken.None))
        {
            return null;
        }
        ClaimedJob? job = null;
        try
        {
            job = await RunningJobs.ClaimAsync(database, _owner, options.Value.PerOrganization, Now, Now + Lease, cancellationToken);
        }
        finally
        {
            if (job is null)
            {
                _places.Release();
            }
        }
        return job is null ? null : HoldAsync(job, cancellationToken);
    }

    private async Task HoldAsync(ClaimedJob job, CancellationToken cancellationToken)
    {
        // Not on the caller's thread, which starts further jobs.
        await Task.Yield();
        using var scope = log.BeginScope("import job {JobId} organization {OrganizationId}", job.Id, job.OrganizationId);
        try
        {
            var reason = await RunSliceAsync(job, cancellationToken);
            if (reason is not null)
            {
                // Not cancellable: another worker goes on at once instead of when the lease expires.
                await RunningJobs.GiveBackAsync(database, job, reason, Now, CancellationToken.None);
            }
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            // The lease expires, and another worker repeats the page.
            log.LogWarning(
                "Import job {JobId} was interrupted: {Reason}", job.Id,
                (e as PostgresException)?.SqlState ?? "the database is not available");
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Runs a job for a slice. Returns why the hold ends; null if the job has ended, or the worker has lost it.</summary>
    private async Task<JobReturn?> RunSliceAsync(ClaimedJob job, CancellationToken cancellationToken)
    {
        if (job.IsDisabled)
        {
            return new("pause", "data_source_disabled", "The data source is disabled.");
        }
        if (job.Requested is not null)
        {
            return JobReturn.EndOfSlice;
        }
        var (started, attempts) = (clock.GetTimestamp(), job.Attempt);
        var (cursor, processed) = (job.Cursor, job.Processed);
        var parameters = ImportParameters.Of(job.Parameters);
        try
        {
            var adapter = Open(job, parameters);
            while (clock.GetElapsedTime(started) < Slice && !cancellationToken.IsCancellationRequested)
            {
                if (await WaitForTurnAsync(job, cancellationToken) is { } later)
                {
                    return new("wait", NextRunAt: later);
                }
                var pageStarted = clock.GetTimestamp();
                var most = (int)Math.Min(
                    job.DataSourceType == "csv" ? CsvPageSize : PageSize, (parameters.Limit ?? long.MaxValue) - processed);
                var fetched = await FetchAsync(adapter, cursor, most, cancellationToken);
                var page = ImportPage.Of(
                    job, parameters, fetched, cursor, Math.Max(most, parameters.Limit is null ? int.MaxValue : most),
                    await hashKeys.GetAsync(cancellationToken), clock.GetElapsedTime(pageStarted), clock.GetUtcNow());
                var applied = await ApplyAsync(job, page);
                if (applied?.Status != "running")
                {
                    return null;
                }
                (cursor, attempts, processed) = (fetched.NextCursor, 0, processed + page.People.Count + page.Failed);
            }
            return JobReturn.EndOfSlice;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return JobReturn.EndOfSlice;
        }
        catch (PostgresException e) when (!DatabaseAvailability.IsLost(e) && !IsConflict(e))
        {
            log.LogError(e, "A page of import job {JobId} could not be stored", job.Id);
            return After(new SourceException(SourceErrors.Unavailable, "The page could not be stored."), attempts);
        }
        catch (Exception e) when (e is not NpgsqlException)
        {
            return After(e, attempts);
        }
    }

    private ISourceAdapter Open(ClaimedJob job, ImportParameters parameters) => adapters.Open(new SourceConnection(
        job.OrganizationId,
        job.DataSourceId,
        Enum.Parse<SourceType>(job.DataSourceType, ignoreCase: true),
        job.Config,
        sources.Open(job.CredentialsSealed, job.OrganizationId),
        job.RequestsPerMinute,
        new SourceRequest(
            parameters.Filters,
            parameters.Mapping,
            parameters.Reveal,
            parameters.MaxCredits is { } credits ? (int)Math.Max(0, credits - job.Credits) : null,
            job.FileId)));

    /// <summary>Waits until the source takes the next request. Returns when that is if it is not soon.</summary>
    private async Task<DateTime?> WaitForTurnAsync(ClaimedJob job, CancellationToken cancellationToken)
    {
        if (job.RequestsPerMinute is not { } perMinute)
        {
            return null;
        }
        var interval = TimeSpan.FromMinutes(1) / perMinute;
        while (await RunningJobs.TakeTurnAsync(database, job, interval, Now, cancellationToken) is { } turn)
        {
            if (turn - Now > ShortWait)
            {
                return turn;
            }
            if (turn > Now)
            {
                await Task.Delay(turn - Now, clock, cancellationToken);
            }
        }
        return null;
    }

    private async Task<SourcePage> FetchAsync(ISourceAdapter adapter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        using var limited = new CancellationTokenSource(FetchLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, cancellationToken);
        try
        {
            return await adapter.FetchAsync(cursor, limit, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SourceException(SourceErrors.Timeout, "The source did not answer in time.");
        }
    }

    /// <summary>
    /// Writes a page, again after a conflict with another session. Not cancellable: what was fetched may have cost credits.
    /// </summary>
    private async Task<AppliedPage?> ApplyAsync(ClaimedJob job, ImportPage page)
    {
        var json = page.ToJson();
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                var applied = await RunningJobs.ApplyPageAsync(database, job, json, Now + Lease, Now, CancellationToken.None);
                if (applied?.Queued > 0)
                {
                    assignment.Raise();
                }
                return applied;
            }
            catch (PostgresException e) when (IsConflict(e) && conflicts < MaxConflicts)
            {
                log.LogInformation("A page of import job {JobId} conflicted with another session and is written again", job.Id);
            }
        }
    }

    private JobReturn After(Exception e, int attempts)
    {
        var (code, message, retryAfter) = e switch
        {
            SourceException source => (source.Code, source.Message, source.RetryAfter),
            HttpRequestException => (SourceErrors.Unavailable, "The source cannot be reached.", null),
            JsonException => (SourceErrors.Schema, "The source returned something that is not valid JSON.", null),
            SecretBoxException => (SourceErrors.InvalidCredentials, SourceInput.CredentialsUnreadable, null),
            _ => (SourceErrors.Unavailable, "An unexpected error occurred.", (TimeSpan?)null),
        };
        if (e is not SourceException)
        {
            log.LogWarning("A page could not be fetched: {Exception}", e.GetType().Name);
        }
        var failure = ImportFailures.After(code, attempts, retryAfter);
        return new(
            failure.Outcome switch { ImportFailureOutcome.Wait => "wait", ImportFailureOutcome.Pause => "pause", _ => "fail" },
            code, LogText.Clean(message), failure.Attempts, failure.Delay is { } delay ? Now + delay : null);
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Whether the same page succeeds when it is written again.</summary>
    private static bool IsConflict(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
        || e.ConstraintName is "contact_former_email_pkey" or "contact_email_norm_key";
}
