namespace SalesBrain.Core.Agents;

/// <summary>
/// The e-mail addresses of users who sign in with Genesys. A user has a unique address. Genesys does not verify addresses, and a password
/// reset to an address of Genesys would hand over the account. So these receive no mail.
/// </summary>
public static class AgentAddresses
{
    /// <summary>The address of a user, in the form that is stored.</summary>
    /// <param name="id">Of the user, or of their connection with Genesys.</param>
    public static string Of(Guid id) => $"{id:N}@genesys.invalid";
}
