using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using SalesBrain.Core.Access;
using SalesBrain.Core.Telemetry;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Http;

/// <summary>
/// Runs every HTTP function in both hosts. It authenticates and authorizes the caller, binds and validates the input, and converts errors
/// to problems. A function that does not declare who may call it refuses every request.
/// </summary>
public sealed class RequestPipeline(
    IAccessTokens tokens, SessionGuard sessions, SalesBrainDatabase database, CursorCodes cursors, IOptions<NetworkOptions> network,
    IOptions<ResponseOptions> responses, TimeProvider clock, ILogger<RequestPipeline> log)
{
    /// <summary>How often a request is handled whose changes conflict with those of other requests.</summary>
    private const int Attempts = 3;

    /// <summary>Runs an endpoint without input.</summary>
    public Task<IResult> RunAsync<TEndpoint>(HttpRequest request, Func<Call, Task<IResult>> handle) =>
        GuardAsync<TEndpoint>(request, async (call, _) =>
            InputReader.FindQueryProblem(call, readsQuery: false) ?? await HandleAsync(call, () => handle(call)));

    /// <summary>
    /// Runs an endpoint with the input <typeparamref name="TInput"/>, read from the query string (GET, HEAD, DELETE) or the body.
    /// </summary>
    public Task<IResult> RunAsync<TEndpoint, TInput>(HttpRequest request, Func<Call, TInput, Task<IResult>> handle)
        where TInput : class =>
        GuardAsync<TEndpoint>(request, async (call, operation) =>
        {
            if (InputReader.FindQueryProblem(call, readsQuery: !operation.TakesBody) is { } unexpected)
            {
                return unexpected;
            }
            var (input, problem) = await InputReader.ReadAsync<TInput>(request, operation, call.CancellationToken);
            return problem is not null ? problem : await HandleAsync(call, () => handle(call, input!));
        });

    /// <summary>
    /// Handles the request again if PostgreSQL rolled back its only transaction because of another session (a deadlock, or a row that is
    /// not there any more): nothing of it was written. A request that has already written something is not repeated.
    /// </summary>
    private async Task<IResult> HandleAsync(Call call, Func<Task<IResult>> handle)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await handle();
            }
            catch (PostgresException e) when (
                attempt < Attempts && call.HasOneTransaction
                && e.SqlState is (PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure))
            {
                call.Restart();
                log.LogInformation("The request conflicted with another one and is handled again ({SqlState})", e.SqlState);
            }
        }
    }

    private async Task<IResult> GuardAsync<TEndpoint>(HttpRequest request, Func<Call, OperationAttribute, Task<IResult>> handle)
    {
        // Functions have no CancellationToken parameter: the Azure Functions worker would fill it from a query parameter of that name, and
        // fail.
        var aborted = request.HttpContext.RequestAborted;
        var now = clock.GetUtcNow();
        var metadata = OperationMetadata.Of<TEndpoint>.Value;
        TraceIds.Ensure(request.HttpContext);
        SecurityHeaders.Set(request.HttpContext.Response);

        if (metadata is not { Operation: { } operation, Caller: { } declared })
        {
            log.LogError("Function {Function} declares no caller and is refused", metadata.Name);
            return Problems.CallerUndeclared;
        }
        // An endpoint that anyone can call looks up its caller itself (Call.FindCallerAsync). So webhook deliveries need no session
        // look-up.
        var caller = declared is AnyoneAttribute ? null : ReadToken(request, now);
        if (caller is null && declared is not AnyoneAttribute)
        {
            return Problems.Unauthorized;
        }

        Activity.Current?.SetTag(Tracing.Function, metadata.Name)
            .SetTag(Tracing.Organization, caller?.OrganizationId?.ToString()).SetTag(Tracing.User, caller?.UserId.ToString());
        IDisposable? BeginScope() => log.BeginScope(
            "function {Function} organization {OrganizationId} user {UserId} trace {TraceId}",
            metadata.Name, caller?.OrganizationId, caller?.UserId, TraceIds.Of(request.HttpContext));
        using var scope = BeginScope();
        // The result disposes it when the response is written.
        var limit = new RequestLimit(operation.TimeLimitSeconds, clock, aborted);
        try
        {
            var answer = await AnswerAsync(request, now, operation, declared, caller, handle, limit.Token);
            return new GuardedResult(answer, limit, responses.Value, clock, BeginScope, log);
        }
        catch (Exception e)
        {
            using (limit)
            {
                return ProblemOf(e, aborted, limit.Token);
            }
        }
    }

    private async Task<IResult> AnswerAsync(
        HttpRequest request, DateTimeOffset now, OperationAttribute operation, CallerAttribute declared, Caller? caller,
        Func<Call, OperationAttribute, Task<IResult>> handle, CancellationToken cancellationToken)
    {
        if (caller is not null && !await HoldsAsync(request, caller, cancellationToken))
        {
            return Problems.Unauthorized;
        }
        if (declared is RequiresAttribute requires && !caller!.Role.Can(requires.Capability))
        {
            return Problems.Forbidden;
        }
        var call = new Call(
            request, now, caller, () => FindCallerAsync(request, now, cancellationToken),
            ClientAddress.Of(request.HttpContext, network.Value), database, cursors, cancellationToken);
        return await handle(call, operation);
    }

    private async Task<Caller?> FindCallerAsync(HttpRequest request, DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadToken(request, now) is { } caller && await HoldsAsync(request, caller, cancellationToken) ? caller : null;

    /// <summary>Whether the token's session is still valid. Writes always ask the database; reads can use the cache.</summary>
    private Task<bool> HoldsAsync(HttpRequest request, Caller caller, CancellationToken cancellationToken) =>
        sessions.HoldsAsync(caller, fresh: !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method), cancellationToken);

    /// <summary>The caller that the access token names; null if the token is missing, not signed by us, or expired.</summary>
    private Caller? ReadToken(HttpRequest request, DateTimeOffset now)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } value || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        return tokens.Verify(value[Scheme.Length..].Trim(), now).Claims is { } claims
            ? new Caller(claims.UserId, claims.Role, claims.OrganizationId, claims.AgencyId, claims.ClientId, claims.SessionId)
            : null;
    }

    private IResult ProblemOf(Exception exception, CancellationToken caller, CancellationToken limit)
    {
        if (caller.IsCancellationRequested)
        {
            // The client has disconnected. Proxies log this as 499.
            return Results.StatusCode(StatusCodes.Status499ClientClosedRequest);
        }
        if (exception is OperationCanceledException && limit.IsCancellationRequested)
        {
            log.LogWarning("The request reached its time limit");
            return Problems.TimedOut;
        }
        if (exception is BadHttpRequestException bad)
        {
            return bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? Problems.PayloadTooLarge
                : Problems.NotJson.Because("The request is malformed.");
        }
        if (DatabaseProblems.Of(exception) is { } problem)
        {
            if (DatabaseAvailability.IsOfAnotherBuild(exception))
            {
                log.LogError(exception, "The database's schema is not the one of this build");
            }
            else if (problem.Status == StatusCodes.Status503ServiceUnavailable)
            {
                log.LogWarning(exception, "The database is not available");
            }
            return problem;
        }
        log.LogError(exception, "Unexpected failure");
        return Problems.Internal;
    }
}
