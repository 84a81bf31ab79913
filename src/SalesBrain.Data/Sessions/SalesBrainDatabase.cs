using System.Diagnostics;
using Azure.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace SalesBrain.Data.Sessions;

/// <summary>
/// The only access to the database: tenant sessions (one organization, limited by row-level security) and platform sessions. A reading
/// session uses a connection per statement. A writing session keeps its connection until it is disposed.
/// </summary>
public sealed class SalesBrainDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _tenant;
    private readonly NpgsqlDataSource _platform;

    public SalesBrainDatabase(DatabaseOptions options, ILogger<SalesBrainDatabase>? logger = null)
    {
        DapperTypes.Register();
        _tenant = CreateDataSource("tenant", options.TenantConnectionString, options.TenantCredential, options, logger);
        _platform = CreateDataSource("platform", options.PlatformConnectionString, options.PlatformCredential, options, logger);
    }

    /// <summary>Whether connections can be opened with it. Finds more than parsing does, such as a missing host.</summary>
    public static bool IsConnectionString(string text)
    {
        try
        {
            using var source = NpgsqlDataSource.Create(text);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Reads inside the context's organization; writing statements are refused by the database.</summary>
    public TenantSession ReadTenant(TenantContext context) => new(_tenant, context, null, null);

    /// <summary>
    /// Begins a transaction inside the context's organization; nothing stays without <see cref="DatabaseSession.CommitAsync"/>.
    /// </summary>
    public async Task<TenantSession> WriteTenantAsync(TenantContext context, CancellationToken cancellationToken)
    {
        var connection = await _tenant.OpenConnectionAsync(cancellationToken);
        return new TenantSession(_tenant, context, connection, await connection.BeginTransactionAsync(cancellationToken));
    }

    /// <summary>
    /// Writes inside the context's organization. Each statement is its own transaction in one round trip, so that locks are held as briefly
    /// as possible.
    /// </summary>
    public TenantSession AutoCommitTenant(TenantContext context) => new(_tenant, context, null, null, readOnly: false);

    /// <summary>Reads across organizations; statements name the organization themselves where there is one.</summary>
    public PlatformSession ReadPlatform() => new(_platform, null, null);

    /// <summary>Writes across organizations, each statement a transaction of its own in one round trip.</summary>
    public PlatformSession AutoCommitPlatform() => new(_platform, null, null, readOnly: false);

    /// <summary>Begins a transaction across organizations; nothing stays without <see cref="DatabaseSession.CommitAsync"/>.</summary>
    public async Task<PlatformSession> WritePlatformAsync(CancellationToken cancellationToken)
    {
        var connection = await _platform.OpenConnectionAsync(cancellationToken);
        return new PlatformSession(_platform, connection, await connection.BeginTransactionAsync(cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await _tenant.DisposeAsync();
        await _platform.DisposeAsync();
    }

    private static NpgsqlDataSource CreateDataSource(
        string name, string connectionString, TokenCredential? credential, DatabaseOptions options, ILogger? logger)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConnectionStringBuilder.CommandTimeout = options.CommandTimeoutSeconds;
        // No session state exists to be reset: the context is transaction-local.
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        // Details of errors quote values, and errors are logged.
        builder.ConnectionStringBuilder.IncludeErrorDetail = false;
        // Names the pool in metrics and spans.
        builder.Name = name;
        // A statement is part of what it is for. Without that, such as when a processor finds nothing due, it is not worth a trace.
        builder.ConfigureTracing(tracing => tracing
            .ConfigureCommandFilter(_ => Activity.Current is not null)
            .EnablePhysicalOpenTracing(false)
            .EnableFirstResponseEvent(false));
        if (credential is not null)
        {
            new EntraSignIn(credential, logger ?? NullLogger.Instance).Configure(builder);
        }
        return builder.Build();
    }
}
