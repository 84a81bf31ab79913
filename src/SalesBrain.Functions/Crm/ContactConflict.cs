using Npgsql;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Crm;

/// <summary>The refusal of an e-mail address that another contact has.</summary>
internal static class ContactConflict
{
    /// <summary>Whether the database refused the address of another contact, or one that a contact has since it was merged.</summary>
    internal static bool Is(PostgresException exception) =>
        exception.ConstraintName is "contact_email_norm_key" or "contact_former_email_pkey";

    /// <summary>409 with the id of the other contact, if the session can see it.</summary>
    internal static async Task<Problem> FindAsync(
        DatabaseSession session, Guid organizationId, string emailNorm, CancellationToken cancellationToken) =>
        await Contacts.FindIdByEmailAsync(session, organizationId, emailNorm, cancellationToken) is { } id
            ? Problems.AlreadyExists.Because($"The contact {id} already has this e-mail address.") with { ExistingId = id }
            : Problems.AlreadyExists.Because("A contact with this e-mail address already exists.");
}
