using System.ComponentModel.DataAnnotations;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Identity;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Crm;

/// <summary>What may be set of an agency, beside its name.</summary>
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

    /// <summary>The agency with what was sent.</summary>
    internal Agency ApplyTo(Agency agency) => agency with
    {
        Domain = Domain.KeptOr(agency.Domain)?.ToLowerInvariant(),
        Email = Email.KeptOr(agency.Email),
        Phone = Phone.KeptOr(agency.Phone),
        Website = Website.KeptOr(agency.Website),
        AddressLine1 = AddressLine1.KeptOr(agency.AddressLine1),
        AddressLine2 = AddressLine2.KeptOr(agency.AddressLine2),
        City = City.KeptOr(agency.City),
        Region = Region.KeptOr(agency.Region),
        PostalCode = PostalCode.KeptOr(agency.PostalCode),
        Country = Country.KeptOr(agency.Country),
        Status = Status.IsSet ? Status.Value.ToString().ToLowerInvariant() : agency.Status,
        Metadata = MetadataOr(agency.Metadata),
    };
}
