namespace SalesBrain.Tests.App;

/// <summary>Waiting until a session of the app waits for a lock of the test.</summary>
internal static class LockWaits
{
    /// <summary>Waits until somebody waits for a lock that the server process <paramref name="session"/> has.</summary>
    internal static Task UntilBlockedByAsync(this TestApp app, int session, string description) =>
        Eventually.HoldsAsync(() => app.IsBlockingAsync(session), description);

    /// <summary>Whether somebody waits for a lock that the server process <paramref name="session"/> has.</summary>
    internal static Task<bool> IsBlockingAsync(this TestApp app, int session) => app.QuerySingleAsync<bool>(
        "select exists (select from pg_stat_activity a where @session = any (pg_blocking_pids(a.pid)))", new { session });
}
