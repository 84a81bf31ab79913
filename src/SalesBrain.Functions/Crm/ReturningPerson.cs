using SalesBrain.Data.Crm;
using SalesBrain.Data.Security;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Crm;

/// <summary>
/// Recognizes a person whose data was erased by the keyed hash of their address: their contact starts anew, but stays suppressed.
/// </summary>
public sealed class ReturningPerson(AddressHashKeys keys)
{
    /// <summary>
    /// Suppresses a contact that was just given an address, as the person with it was before. Null if that changed nothing. Call it after
    /// the address is written, in the same transaction.
    /// </summary>
    internal async Task<KeptSuppression?> SuppressAsync(
        DatabaseSession session, Guid organizationId, Guid contactId, string emailNorm, CancellationToken cancellationToken)
    {
        var hashes = (await keys.GetAsync(cancellationToken)).FindBy(organizationId, emailNorm);
        return await ErasedContacts.SuppressAsync(session, organizationId, contactId, hashes, cancellationToken);
    }
}
