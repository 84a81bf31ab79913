using System.Net.Sockets;
using Npgsql;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Http;

/// <summary>Maps database errors to problems. Constraint names are mapped only here.</summary>
internal static class DatabaseProblems
{
    private static readonly Dictionary<string, Problem> Constraints = new(StringComparer.Ordinal)
    {
        ["user_email_norm_key"] = Problems.AlreadyExists.Because("A user with this e-mail address already exists."),
        ["organization_slug_key"] = Problems.AlreadyExists.Because("An organization with this slug already exists."),
        ["user_contact_assignment_primary_key"] = Problems.ContactHasOwner,
        ["user_contact_assignment_ownership_check"] = Problems.ContactOverOwned,
        ["assignment_rule_organization_id_fkey"] = Problems.InvalidMember("organization_id", "must be the id of an existing organization"),
        ["assignment_ruleset_organization_id_fkey"] = Problems.InvalidMember(
            "organization_id", "must be the id of an existing organization"),
        ["tenant_tenant_key_key"] = Problems.AlreadyExists.Because("An organization with this tenant key already exists."),
        ["tenant_genesys_org_id_key"] = Problems.AlreadyExists.Because("An organization with this genesys_org_id already exists."),
        ["whatsapp_account_phone_number_id_key"] = Problems.WhatsappNumberTaken,
        ["whatsapp_account_organization_id_fkey"] = Problems.InvalidMember("organization_id", "must be the id of an existing organization"),
        ["user_last_owner_check"] = Problems.LastOwner,
        ["user_organization_id_fkey"] = Problems.InvalidMember("organization_id", "must be the id of an existing organization"),
        ["contact_organization_id_fkey"] = Problems.InvalidMember("organization_id", "must be the id of an existing organization"),
        ["contact_former_email_pkey"] = Problems.AlreadyExists.Because("A contact with this e-mail address already exists."),
        ["contact_email_norm_key"] = Problems.AlreadyExists.Because("A contact with this e-mail address already exists."),
        ["user_agency_fkey"] = Problems.InvalidMember("agency_id", "must be the id of an agency of the organization"),
        ["user_client_fkey"] = Problems.InvalidMember("client_id", "must be the id of a client of the organization"),
        ["client_agency_fkey"] = Problems.InvalidMember("agency_id", "must be the id of an agency of the organization"),
        ["campaign_external_id_key"] = Problems.AlreadyExists.Because(
            "A campaign of this source with this external_id already exists. It may be a deleted one."),
        ["campaign_organization_id_fkey"] = Problems.InvalidMember("organization_id", "must be the id of an existing organization"),
        ["campaign_agency_fkey"] = Problems.InvalidMember("agency_id", "must be the id of an agency of the organization"),
        ["campaign_client_fkey"] = Problems.InvalidMember("client_id", "must be the id of a client of the agency"),
        ["data_source_organization_id_fkey"] = Problems.InvalidMember("organization_id", "must be the id of an existing organization"),
        ["data_source_agency_fkey"] = Problems.InvalidMember("agency_id", "must be the id of an agency of the organization"),
        ["campaign_dates_check"] = Problems.InvalidMember("end_date", "must not be before start_date"),
        ["conversation_peer_key"] = Problems.ConversationSuperseded,
        ["lead_contact_campaign_key"] = Problems.LeadExists,
        // Merged or erased since it was looked up.
        ["lead_contact_fkey"] = Problems.InvalidMember("contact_id", "must be the id of an existing contact"),
        ["lead_organization_id_fkey"] = Problems.InvalidMember("organization_id", "must be the id of an existing organization"),
        ["audit_log_organization_id_fkey"] = Problems.InvalidMember("organization_id", "must be the id of an existing organization"),
    };

    /// <summary>The problem to return, or null if the error is unexpected.</summary>
    internal static Problem? Of(Exception exception) => exception switch
    {
        PostgresException { ConstraintName: { } name } when Constraints.TryGetValue(name, out var problem) => problem,
        _ when DatabaseAvailability.IsOfAnotherBuild(exception) => Problems.DatabaseUnavailable,
        // Row-level security refused a write that the code allowed.
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => Problems.Forbidden,
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable } => Problems.TimedOut,
        PostgresException { IsTransient: true } => Problems.DatabaseUnavailable,
        // The server is shutting down or starting up, or the password or database does not exist yet.
        PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "28P01" or "28000" or "3D000" } => Problems.DatabaseUnavailable,
        PostgresException => DatabaseAvailability.IsLost(exception) ? Problems.DatabaseUnavailable : null,
        NpgsqlException { InnerException: TimeoutException } => Problems.TimedOut,
        NpgsqlException or SocketException => Problems.DatabaseUnavailable,
        _ => null,
    };
}
