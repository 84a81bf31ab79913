using System.ComponentModel.DataAnnotations;
using SalesBrain.Core.Values;
using SalesBrain.Data.Organizations;
using SalesBrain.Data.Rows;

namespace SalesBrain.Functions.Organizations;

/// <summary>The fields of an agency that can be set, except its name.</summary>
public abstract record AgencyFields : CompanyFields
{
    [StringLength(253)]
    [DomainName]
    public Optional<string> Domain { get; init; }

    [StringLength(Emails.MaxLength)]
    [MailAddress]
    public Optional<string> Email { get; init; }

    [Required]
    public Optional<RecordStatus> Status { get; init; }

    /// <summary>The agency with the sent fields applied.</summary>
    internal Agency ApplyTo(Agency agency) => agency with
    {
        Domain = Domain.TrimmedOr(agency.Domain)?.ToLowerInvariant(),
        Email = Email.IsSet ? Emails.Shown(Email.Value) : agency.Email,
        Phone = Phone.TrimmedOr(agency.Phone),
        Website = Website.TrimmedOr(agency.Website),
        AddressLine1 = AddressLine1.TrimmedOr(agency.AddressLine1),
        AddressLine2 = AddressLine2.TrimmedOr(agency.AddressLine2),
        City = City.TrimmedOr(agency.City),
        Region = Region.TrimmedOr(agency.Region),
        PostalCode = PostalCode.TrimmedOr(agency.PostalCode),
        Country = Country.TrimmedOr(agency.Country),
        Status = Status.IsSet ? Status.Value.ToWireName() : agency.Status,
        Metadata = MetadataOr(agency.Metadata),
    };
}
