using Dapper;
using Npgsql;

namespace SalesBrain.Data.Sessions;

/// <summary>A session across organizations, as login <c>salesbrain_platform</c>: platform operators, receivers, timers.</summary>
public sealed class PlatformSession : DatabaseSession
{
    internal PlatformSession(NpgsqlDataSource source, NpgsqlConnection? connection, NpgsqlTransaction? transaction)
        : base(source, connection, transaction)
    {
    }

    /// <inheritdoc/>
    public override Guid? OrganizationId => null;

    private protected override string? Prefix(bool reading) =>
        reading ? "select set_config('transaction_read_only', 'on', true);\n" : null;

    private protected override void AddPrefixParameters(DynamicParameters parameters)
    {
    }
}
