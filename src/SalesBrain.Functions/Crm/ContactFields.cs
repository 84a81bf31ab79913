using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SalesBrain.Core.Crm;
using SalesBrain.Core.Values;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>The fields of a contact that people set.</summary>
public abstract record ContactFields : IValidatableObject
{
    internal static readonly JsonElement NoCustomFields = JsonElement.Parse("{}");

    /// <summary>E-mail address. One contact of an organization has it.</summary>
    [StringLength(Emails.MaxLength)]
    [MailAddress]
    public Optional<string> Email { get; init; }

    [StringLength(200)]
    [NameText]
    public Optional<string> FirstName { get; init; }

    [StringLength(200)]
    [NameText]
    public Optional<string> LastName { get; init; }

    [StringLength(200)]
    [NameText]
    public Optional<string> Company { get; init; }

    /// <summary>The job title.</summary>
    [StringLength(200)]
    [NameText]
    public Optional<string> Title { get; init; }

    [StringLength(100, MinimumLength = 3)]
    public Optional<string> Phone { get; init; }

    [StringLength(2000)]
    [WebAddress]
    public Optional<string> Website { get; init; }

    [StringLength(2000)]
    [WebAddress]
    public Optional<string> LinkedinUrl { get; init; }

    [StringLength(200)]
    public Optional<string> City { get; init; }

    /// <summary>State or province.</summary>
    [StringLength(200)]
    public Optional<string> Region { get; init; }

    [StringLength(200)]
    public Optional<string> Country { get; init; }

    /// <summary>Custom data of the organization, as a JSON object. Replaced as a whole; null clears it.</summary>
    [JsonObject]
    public Optional<JsonElement?> CustomFields { get; init; }

    /// <summary>Replaced as a whole; null clears them. Tags are case-sensitive.</summary>
    [Length(0, TagRules.MaxCount)]
    [Accepts(MinLength = 1, MaxLength = TagRules.MaxLength, Pattern = TagRules.Pattern)]
    public Optional<string[]> Tags { get; init; }

    /// <summary>
    /// <c>manual</c>: the contact must not receive messages. <c>none</c>: it may again, also after a bounce. Only events set <c>bounced</c>
    /// and <c>unsubscribed</c>.
    /// </summary>
    [Required]
    public Optional<ManualSuppression> Suppression { get; init; }

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Tags.Value is { } tags && TagRules.Problem(tags) is { } problem)
        {
            yield return new(problem, [nameof(Tags)]);
        }
    }

    /// <summary>The contact with the sent fields applied.</summary>
    internal Contact ApplyTo(Contact contact, DateTime now)
    {
        var suppression = Suppression.IsSet ? Suppression.Value.ToWireName() : contact.Suppression;
        return contact with
        {
            Email = Email.IsSet ? Emails.Shown(TrimmedText.Of(Email.Value)) : contact.Email,
            FirstName = FirstName.TrimmedOr(contact.FirstName),
            LastName = LastName.TrimmedOr(contact.LastName),
            Company = Company.TrimmedOr(contact.Company),
            Title = Title.TrimmedOr(contact.Title),
            Phone = Phone.TrimmedOr(contact.Phone),
            Website = Website.TrimmedOr(contact.Website),
            LinkedinUrl = LinkedinUrl.TrimmedOr(contact.LinkedinUrl),
            City = City.TrimmedOr(contact.City),
            Region = Region.TrimmedOr(contact.Region),
            Country = Country.TrimmedOr(contact.Country),
            CustomFields = CustomFields.IsSet ? CustomFields.Value ?? NoCustomFields : contact.CustomFields,
            Tags = Tags.IsSet ? TagRules.Clean(Tags.Value ?? []) : contact.Tags,
            Suppression = suppression,
            SuppressedAt = suppression == contact.Suppression ? contact.SuppressedAt : suppression == "none" ? null : now,
        };
    }
}

/// <summary>The suppressions that a user sets.</summary>
public enum ManualSuppression
{
    None = 1,
    Manual,
}
