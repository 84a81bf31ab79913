using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Data.Live;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Retention;
using SalesBrain.Data.Whatsapp.Receiving;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Database;

/// <summary>
/// Statements that delete what is old lock it in the order of docs/architecture.md, or wait for nobody. Each test deadlocks, or waits, if they
/// do not. The rows are stored in the opposite order, so that a scan finds the later one first.
/// </summary>
public sealed class CleanupLockOrderTests(TestApp app)
{
    // Before the data of all other tests.
    private static readonly DateTime Old = new(2001, 2, 3, 4, 0, 0, DateTimeKind.Utc);

    /// <summary>Statements that delete what is old: the table, a row of it, and the statement.</summary>
    public static TheoryData<string> Deletes => new(Cleanups.Keys);

    private static Dictionary<string, (string Insert, Func<PlatformSession, CancellationToken, Task<int>> Delete)> Cleanups => new()
    {
        ["webhook_rejection_count"] = (
            "insert into app.webhook_rejection_count (organization_id, endpoint_id, hour, deliveries) values (@organization, @id, @Old, 1)",
            (session, token) => WebhookRetention.DeleteRejectionCountsAsync(session, Old.AddDays(1), 100, token)),
        ["webhook_receipt"] = (
            "insert into app.webhook_receipt (organization_id, key, log_id, log_created_at) values (@organization, uuid_send(@id), @id, @Old)",
            (session, token) => WebhookRetention.DeleteReceiptsAsync(session, Old.AddDays(1), 100, token)),
        ["webhook_rejection"] = (
            """
            insert into app.webhook_rejection (id, organization_id, endpoint_id, event_source, cause, diagnosis, body, body_size, created_at)
            values (@id, @organization, @endpoint, 'zapier', 'not_json', '', '', 0, @Old)
            """,
            (session, token) => WebhookRetention.DeleteRejectionsAsync(session, Old.AddDays(1), 100, token)),
    };

    /// <summary>As <see cref="Deletes"/>: rows that no login may lock.</summary>
    public static TheoryData<string> DeletesInOrder => new(CleanupsInOrder.Keys);

    private static Dictionary<string, (string Insert, Func<PlatformSession, CancellationToken, Task<int>> Delete)> CleanupsInOrder => new()
    {
        ["webhook_attempt"] = (
            "insert into app.webhook_attempt (id, organization_id, log_id, log_created_at, kind, at) values (@id, @organization, @id, @Old, 'failure', @Old)",
            (session, token) => WebhookRetention.DeleteAttemptsAsync(session, Old.AddDays(1), 100, token)),
        ["stream_ticket"] = (
            """
            insert into app.stream_ticket (id, organization_id, user_id, session_id, token_hash, channels, created_at, expires_at)
            values (@id, @organization, @user, @id, sha256(uuid_send(@id)), '{}', @Old, @Old)
            """,
            (session, token) => StreamTickets.DeleteExpiredAsync(session, new DateTimeOffset(Old.AddDays(1)), 100, token)),
        ["whatsapp_unrouted"] = (
            "insert into app.whatsapp_unrouted (id, cause, waba_id, body, received_at) values (@id, 'unknown_number', @waba, '', @Old)",
            (session, token) => UnroutedWhatsappEvents.DeleteAsync(session, Old.AddDays(1), 100, token)),
    };

    /// <summary>Statements that do nothing while others delete the same rows.</summary>
    public static TheoryData<string> DeletesAlone => new(CleanupsAlone.Keys);

    private static Dictionary<string, (string Insert, Func<PlatformSession, CancellationToken, Task<int>> Delete)> CleanupsAlone => new()
    {
        ["webhook_payload"] = (
            "insert into app.webhook_payload (organization_id, log_id, created_at, body) values (@organization, @id, @Old, '')",
            (session, token) => WebhookRetention.DeletePayloadsAsync(session, Old.AddDays(1), 100, token)),
        ["webhook_delivery"] = (
            "insert into app.webhook_delivery (organization_id, id, created_at, headers) values (@organization, @id, @Old, '{}')",
            (session, token) => WebhookRetention.DeleteDeliveriesAsync(session, Old.AddDays(1), 100, token)),
    };

    [Theory]
    [MemberData(nameof(DeletesInOrder))]
    public async Task Deleting_what_never_changes_goes_by_its_place(string table)
    {
        var (insert, delete) = CleanupsInOrder[table];
        var organization = await app.CreateOrganizationAsync();
        var user = (await app.CreateUserAsync("owner", organization)).Id;
        var (first, later) = (Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Guid.CreateVersion7());
        foreach (var (id, at) in new[] { (first, Old.AddHours(1)), (later, Old) })
        {
            await app.ExecuteAsync(insert, new { organization, user, id, Old = at, waba = $"{organization}" });
        }
        var deleted = 0;

        await OtherSession.LockAroundAsync(
            app,
            $"select from app.{table} where id = @first for update",
            $"select from app.{table} where id = @later for update",
            new { first, later },
            async () =>
            {
                await using var session = await Services.WritePlatformAsync(TestContext.Current.CancellationToken);
                // As with many rows, whose ids are compared in the order of an index.
                await session.ExecuteAsync("set local enable_seqscan = off", null, TestContext.Current.CancellationToken);
                deleted = await delete(session, TestContext.Current.CancellationToken);
                await session.CommitAsync();
            });

        Assert.Equal(2, deleted);
    }

    [Theory]
    [MemberData(nameof(DeletesAlone))]
    public async Task Retention_leaves_payloads_alone_while_others_delete_them(string table)
    {
        var (insert, delete) = CleanupsAlone[table];
        var organization = await app.CreateOrganizationAsync();
        await app.EnsurePartitionsAsync(Old);
        var key = table == "webhook_payload" ? "log_id" : "id";
        var (first, later) = (Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Guid.CreateVersion7());
        foreach (var id in new[] { later, first })
        {
            await app.ExecuteAsync(insert, new { organization, id, Old });
        }
        var deleted = -1;

        await OtherSession.LockAroundAsync(
            app,
            $"""
            select pg_advisory_xact_lock_shared(hashtext('app.webhook_payload'));
            select from app.{table} where {key} = @first for update
            """,
            $"select from app.{table} where {key} = @later for update",
            new { first, later },
            async () => deleted = await delete(Services.AutoCommitPlatform(), TestContext.Current.CancellationToken));

        Assert.Equal(0, deleted);
        Assert.Equal(2, await delete(Services.AutoCommitPlatform(), TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Deletes))]
    public async Task Deleting_what_is_old_waits_for_nobody(string table)
    {
        var (insert, delete) = Cleanups[table];
        var organization = await app.CreateOrganizationAsync();
        var endpoint = (await app.CreateEndpointAsync(organization)).Id;
        var (first, later) = (Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Guid.CreateVersion7());
        if (table == "webhook_rejection_count")
        {
            (first, later) = (endpoint, (await app.CreateEndpointAsync(organization)).Id);
        }
        foreach (var id in new[] { later, first })
        {
            await app.ExecuteAsync(insert, new { organization, endpoint, id, Old });
        }
        var key = table switch
        {
            "webhook_receipt" => "log_id",
            "webhook_rejection_count" => "endpoint_id",
            _ => "id",
        };
        var deleted = 0;

        await OtherSession.LockAroundAsync(
            app,
            $"select from app.{table} where {key} = @first for update",
            $"select from app.{table} where {key} = @later for update",
            new { first, later },
            async () => deleted = await delete(Services.AutoCommitPlatform(), TestContext.Current.CancellationToken));

        Assert.Equal(1, deleted);
        Assert.Equal(1, await delete(Services.AutoCommitPlatform(), TestContext.Current.CancellationToken));
    }

    private SalesBrainDatabase Services => app.Services.GetRequiredService<SalesBrainDatabase>();
}
