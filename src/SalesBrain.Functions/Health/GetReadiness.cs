using System.ComponentModel.DataAnnotations;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Npgsql;
using SalesBrain.Core.Access;
using SalesBrain.Data.Migrations;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Processing;

namespace SalesBrain.Functions.Health;

/// <summary>Readiness check for load balancers, with details for platform operators.</summary>
public sealed class GetReadiness(
    RequestPipeline pipeline, SalesBrainDatabase database, ILogger<GetReadiness> log)
{
    private static readonly TimeSpan DatabaseLimit = TimeSpan.FromSeconds(2);

    [Function(nameof(GetReadiness))]
    [Operation("Health", "Check that the app is ready", Description =
        "Returns 200 if the database responds within 2 s and has all migrations of this build, else 503. A database that is ahead of this "
        + "build is ready. Details are returned only with a platform operator's token. HEAD works as well.")]
    [Anyone("anyone; details for sb_admin, sb_operator", MayBeSignedIn = true)]
    [Returns(200, typeof(Readiness), Bare = true)]
    [Returns(503, typeof(Readiness), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/health/ready")] HttpRequest request) =>
        pipeline.RunAsync<GetReadiness, ReadinessQuery>(request, async (call, query) =>
        {
            var details = await CheckAsync(call);
            var up = details is { Database: "up", MissingMigrations.Count: 0 };
            // Without the database the caller cannot be identified, and there are no further details.
            var told = query.Details && details.Database == "up" && await IsOperatorAsync(call);
            return ApiResults.Bare(new Readiness { Status = up ? "up" : "down", Details = told ? details : null }, up ? 200 : 503);
        });

    private static ReadinessDetails Down => new() { Database = "down", MissingMigrations = [], NewerMigrations = [] };

    private async Task<ReadinessDetails> CheckAsync(Call call)
    {
        try
        {
            // Ends the wait, not only the statement: a server that hangs does not confirm that a statement is cancelled.
            return await ReadAsync(call).WaitAsync(DatabaseLimit, call.CancellationToken);
        }
        catch (TimeoutException)
        {
            log.LogWarning("The database is not ready: it did not respond within {Seconds} s", DatabaseLimit.TotalSeconds);
            return Down;
        }
    }

    private async Task<ReadinessDetails> ReadAsync(Call call)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken);
        limit.CancelAfter(DatabaseLimit);
        try
        {
            var session = database.ReadPlatform();
            var schema = await SchemaLevel.GetStateAsync(session, limit.Token);
            var oldest = schema.Missing.Count == 0
                ? await DueWebhooks.FindOldestDueAsync(session, call.Now.UtcDateTime, limit.Token)
                : null;
            return new ReadinessDetails
            {
                Database = "up",
                MissingMigrations = schema.Missing,
                NewerMigrations = schema.Newer,
                OldestPendingWebhookSeconds = oldest is { } since ? Math.Max(0, (long)(call.Now.UtcDateTime - since).TotalSeconds) : null,
            };
        }
        catch (Exception e) when (e is NpgsqlException or SocketException || (e is OperationCanceledException && !call.CancellationToken.IsCancellationRequested))
        {
            log.LogWarning(e, "The database is not ready");
            return Down;
        }
    }

    private static async Task<bool> IsOperatorAsync(Call call)
    {
        try
        {
            return (await call.FindCallerAsync().WaitAsync(DatabaseLimit, call.CancellationToken))
                ?.Role.Can(Capability.ReadPlatformHealth) == true;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            // The database has just gone.
            return false;
        }
    }
}

public sealed record ReadinessQuery
{
    /// <summary>Whether to return details. Only a platform operator gets them.</summary>
    public bool Details { get; init; } = true;
}

public sealed record Readiness
{
    /// <summary><c>up</c> or <c>down</c>.</summary>
    [AllowedValues("up", "down")]
    public required string Status { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReadinessDetails? Details { get; init; }
}

public sealed record ReadinessDetails
{
    public required string Database { get; init; }
    public required IReadOnlyList<string> MissingMigrations { get; init; }

    /// <summary>Migrations of the database that this build does not know: it is older than the database.</summary>
    public required IReadOnlyList<string> NewerMigrations { get; init; }

    /// <summary>Age of the oldest webhook that is due for processing; null if none is due.</summary>
    public long? OldestPendingWebhookSeconds { get; init; }
}
