using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SalesBrain.Core.Values;
using SalesBrain.Data.Organizations;
using SalesBrain.Data.Rows;

namespace SalesBrain.Functions.Organizations;

/// <summary>The fields of a client that can be set, except its name and its agency.</summary>
public abstract record ClientFields : CompanyFields
{
    [StringLength(Emails.MaxLength)]
    [MailAddress]
    public Optional<string> ContactEmail { get; init; }

    [StringLength(100)]
    public Optional<string> Industry { get; init; }

    [Required]
    public Optional<RecordStatus> Status { get; init; }

    /// <summary>A JSON object as returned by Google. Replaced as a whole.</summary>
    [JsonObject]
    public Optional<JsonElement?> GoogleBusinessProfile { get; init; }

    /// <inheritdoc cref="GoogleBusinessProfile"/>
    [JsonObject]
    public Optional<JsonElement?> GoogleSearchConsole { get; init; }

    /// <inheritdoc cref="GoogleBusinessProfile"/>
    [JsonObject]
    public Optional<JsonElement?> GoogleAnalytics { get; init; }

    /// <summary>The client with the sent fields applied.</summary>
    internal Client ApplyTo(Client client) => client with
    {
        ContactEmail = ContactEmail.IsSet ? Emails.Shown(ContactEmail.Value) : client.ContactEmail,
        Phone = Phone.TrimmedOr(client.Phone),
        Website = Website.TrimmedOr(client.Website),
        AddressLine1 = AddressLine1.TrimmedOr(client.AddressLine1),
        AddressLine2 = AddressLine2.TrimmedOr(client.AddressLine2),
        City = City.TrimmedOr(client.City),
        Region = Region.TrimmedOr(client.Region),
        PostalCode = PostalCode.TrimmedOr(client.PostalCode),
        Country = Country.TrimmedOr(client.Country),
        Industry = Industry.TrimmedOr(client.Industry),
        Status = Status.IsSet ? Status.Value.ToWireName() : client.Status,
        GoogleBusinessProfile = GoogleBusinessProfile.Or(client.GoogleBusinessProfile),
        GoogleSearchConsole = GoogleSearchConsole.Or(client.GoogleSearchConsole),
        GoogleAnalytics = GoogleAnalytics.Or(client.GoogleAnalytics),
        Metadata = MetadataOr(client.Metadata),
    };

    /// <summary>Whether the caller may have a client at the agency: who belongs to an agency, at that one alone.</summary>
    internal static bool MayPlaceAt(Caller caller, Guid agencyId) => caller.AgencyId is null || caller.AgencyId == agencyId;
}
