using SalesBrain.Core.Imports;
using SalesBrain.Core.Onboarding;
using SalesBrain.Core.Security;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Whatsapp;

namespace SalesBrain.Data.Security;

/// <summary>
/// A column of schema <c>app</c> with values that <see cref="SecretBox"/> seals, bound to the row's <c>organization_id</c> and a purpose.
/// </summary>
/// <param name="Table">The table, which has an <c>id</c> and, unless its rows are of no organization, an <c>organization_id</c>.</param>
/// <param name="Name">The column. Sealed columns are named <c>…_sealed</c>.</param>
/// <param name="Purpose">The purpose that its values are sealed for.</param>
public sealed record SealedColumn(string Table, string Name, string Purpose)
{
    /// <summary>False if the values are bound to no organization, which is <see cref="Guid.Empty"/>.</summary>
    public bool IsOfOrganization { get; init; } = true;

    /// <summary>The organization of a row t, in SQL.</summary>
    internal string OrganizationId => IsOfOrganization ? "t.organization_id" : $"'{Guid.Empty}'::uuid";

    /// <summary>For the operator, such as <c>app.onboarding_link.token_sealed</c>.</summary>
    public override string ToString() => $"app.{Table}.{Name}";
}

/// <summary>
/// Every sealed column. Removing a data key depends on this list: what is not in it is not re-sealed. A test compares it with all
/// <c>bytea</c> columns of the database and with all purposes.
/// </summary>
public static class SealedColumns
{
    public static IReadOnlyList<SealedColumn> All { get; } =
    [
        new("data_source", "credentials_sealed", SourceCredentials.Purpose),
        new("onboarding_link", "token_sealed", OnboardingTokens.Purpose),
        // A rotation moves a value from the first of these two to the second, so the second comes later.
        new("webhook_endpoint", "secret_sealed", WebhookEndpointSecrets.Purpose),
        new("webhook_endpoint", "previous_secret_sealed", WebhookEndpointSecrets.Purpose),
        new("whatsapp_account", "token_sealed", WhatsappSecrets.TokenPurpose),
        new("whatsapp_account", "pin_sealed", WhatsappSecrets.PinPurpose),
        new("address_hash_key", "key_sealed", AddressHashes.Purpose) { IsOfOrganization = false },
    ];
}
