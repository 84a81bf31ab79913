using Dapper;
using Npgsql;

namespace SalesBrain.Data.Sessions;

/// <summary>A session inside one organization, as login <c>salesbrain_tenant</c>.</summary>
public sealed class TenantSession : DatabaseSession
{
    // One round trip: the context travels with the first statement. set_config(…, true) ends with the transaction.
    private const string Context =
        "select set_config('app.current_org_id', @_org, true), set_config('app.current_user_id', @_user, true), " +
        "set_config('app.user_role', @_role, true), set_config('app.current_agency_id', @_agency, true), " +
        "set_config('app.current_client_id', @_client, true)";

    private readonly bool _readOnly;

    internal TenantSession(
        NpgsqlDataSource source, TenantContext context, NpgsqlConnection? connection, NpgsqlTransaction? transaction, bool readOnly = true)
        : base(source, connection, transaction)
    {
        TenantContext = context;
        _readOnly = readOnly;
    }

    public TenantContext TenantContext { get; }

    /// <inheritdoc/>
    public override Guid? OrganizationId => TenantContext.OrganizationId;

    private protected override string? Prefix(bool reading) =>
        reading && _readOnly ? Context + ", set_config('transaction_read_only', 'on', true);\n" : Context + ";\n";

    private protected override void AddPrefixParameters(DynamicParameters parameters)
    {
        parameters.Add("_org", TenantContext.OrganizationId.ToString());
        parameters.Add("_user", TenantContext.UserId.ToString());
        parameters.Add("_role", TenantContext.Role);
        parameters.Add("_agency", TenantContext.AgencyId?.ToString() ?? "");
        parameters.Add("_client", TenantContext.ClientId?.ToString() ?? "");
    }
}
