using System.Net.Sockets;
using Npgsql;

namespace SalesBrain.Functions.Http;

/// <summary>What a failing database means for the caller. The one place where constraint names become problems.</summary>
internal static class DatabaseProblems
{
    private static readonly Dictionary<string, Problem> Constraints = new(StringComparer.Ordinal)
    {
        ["user_email_norm_key"] = Problems.AlreadyExists.Because("A user with this e-mail address exists already."),
        ["organization_slug_key"] = Problems.AlreadyExists.Because("An organization with this slug exists already."),
        ["user_contact_assignment_primary_key"] = Problems.ContactHasOwner,
        ["user_contact_assignment_ownership_check"] = Problems.ContactOverOwned,
        ["assignment_rule_organization_id_fkey"] = Problems.InvalidMember("organization_id", "is not known"),
        ["assignment_ruleset_organization_id_fkey"] = Problems.InvalidMember("organization_id", "is not known"),
        ["tenant_tenant_key_key"] = Problems.AlreadyExists.Because("An organization with this tenant key exists already."),
        ["tenant_genesys_org_id_key"] = Problems.AlreadyExists.Because("An organization with this genesys_org_id exists already."),
        ["user_last_owner_check"] = Problems.LastOwner,
        ["user_organization_id_fkey"] = Problems.InvalidMember("organization_id", "is not known"),
        ["user_agency_fkey"] = Problems.InvalidMember("agency_id", "is not an agency of the organization"),
        ["user_client_fkey"] = Problems.InvalidMember("client_id", "is not a client of the organization"),
        ["client_agency_fkey"] = Problems.InvalidMember("agency_id", "is not an agency of the organization"),
        ["audit_log_organization_id_fkey"] = Problems.InvalidMember("organization_id", "is not known"),
    };

    /// <summary>The problem, or null when the failure is a mistake of ours.</summary>
    internal static Problem? Of(Exception exception) => exception switch
    {
        PostgresException { ConstraintName: { } name } when Constraints.TryGetValue(name, out var problem) => problem,
        // Row-level security refused a write that the code let through.
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => Problems.Forbidden,
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable } => Problems.TimedOut,
        PostgresException { IsTransient: true } => Problems.DatabaseUnavailable,
        // Shutting down, starting up, password or database not there yet.
        PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "28P01" or "28000" or "3D000" } => Problems.DatabaseUnavailable,
        PostgresException => null,
        NpgsqlException { InnerException: TimeoutException } => Problems.TimedOut,
        NpgsqlException or SocketException => Problems.DatabaseUnavailable,
        _ => null,
    };
}
