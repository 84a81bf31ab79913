using Dapper;
using Npgsql;

namespace SalesBrain.Data.Sessions;

/// <summary>A session across organizations, as login <c>salesbrain_platform</c>: platform operators, receivers, timers.</summary>
public sealed class PlatformSession : DatabaseSession
{
    private readonly bool _readOnly;

    internal PlatformSession(NpgsqlDataSource source, NpgsqlConnection? connection, NpgsqlTransaction? transaction, bool readOnly = true)
        : base(source, connection, transaction)
    {
        _readOnly = readOnly && transaction is null;
    }

    /// <inheritdoc/>
    public override Guid? OrganizationId => null;

    private protected override string? Prefix(bool reading) =>
        _readOnly ? "select set_config('transaction_read_only', 'on', true);\n" : null;

    private protected override void AddPrefixParameters(DynamicParameters parameters)
    {
    }
}
