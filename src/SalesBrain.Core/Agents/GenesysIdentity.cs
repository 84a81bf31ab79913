namespace SalesBrain.Core.Agents;

/// <summary>Who signed in at Genesys, as Genesys describes them.</summary>
/// <param name="Id">The user's id, which never changes.</param>
/// <param name="State"><c>active</c>, or the user may not work.</param>
/// <param name="OrganizationId">The organization that they signed in to. Null if Genesys does not say it.</param>
/// <param name="HomeOrganizationId">The organization that they belong to. Null if Genesys does not say it.</param>
public sealed record GenesysIdentity(
    string Id, string? Name, string? Email, string? DivisionId, string? DivisionName, string? State, string? OrganizationId,
    string? OrganizationState, string? HomeOrganizationId);

/// <summary>Rules of signing in with Genesys.</summary>
public static class GenesysSignInRules
{
    private const string Active = "active";

    /// <summary>Why the person may not sign in, whatever is known of them here, in a sentence; null if they may.</summary>
    public static string? Refusal(GenesysIdentity who) => who switch
    {
        { OrganizationId: null } => "Genesys does not say which organization the user signed in to.",
        { State: not Active } => "The user is not active in Genesys.",
        { OrganizationState: not Active } => "The Genesys organization is not active.",
        { HomeOrganizationId: null } => "Genesys does not say which organization the user belongs to.",
        // Authorized organizations let people of one organization work in another.
        _ when who.HomeOrganizationId != who.OrganizationId =>
            "The user belongs to another Genesys organization than the one they signed in to.",
        _ => null,
    };
}
