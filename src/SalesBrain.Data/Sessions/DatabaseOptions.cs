using Azure.Core;

namespace SalesBrain.Data.Sessions;

/// <summary>Connection strings of the two logins. Both may go through PgBouncer in transaction mode.</summary>
public sealed record DatabaseOptions
{
    /// <summary>Login <c>salesbrain_tenant</c>: all work inside one organization.</summary>
    public required string TenantConnectionString { get; init; }

    /// <summary>Login <c>salesbrain_platform</c>: platform operators, receivers and timers.</summary>
    public required string PlatformConnectionString { get; init; }

    /// <summary>Signs in as <c>salesbrain_tenant</c> with tokens; null if the connection string contains the password.</summary>
    public TokenCredential? TenantCredential { get; init; }

    /// <summary>Signs in as <c>salesbrain_platform</c> with tokens; null if the connection string contains the password.</summary>
    public TokenCredential? PlatformCredential { get; init; }

    /// <summary>Time limit of one statement in seconds; a cancelled request ends its statement sooner.</summary>
    public int CommandTimeoutSeconds { get; init; } = 30;
}
