using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SalesBrain.Core.Values;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>The fields of a lead that can be set. Only fields that are sent change; null clears a field.</summary>
public abstract record LeadFields
{
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    /// <summary>The campaign. The lead takes over its agency and client.</summary>
    public Optional<Guid?> CampaignId { get; init; }

    /// <summary>
    /// The client; the lead takes over its agency. With a campaign: the campaign's client, or one of its agency if the campaign has none.
    /// </summary>
    public Optional<Guid?> ClientId { get; init; }

    [Required]
    public Optional<LeadStatus> Status { get; init; }

    [Required]
    public Optional<LeadPriority> Priority { get; init; }

    /// <summary>Counts until a webhook brings a newer event about the interest.</summary>
    public Optional<LeadInterest?> Interest { get; init; }

    /// <summary>Your own label for the interest <c>label</c>.</summary>
    [StringLength(200)]
    public Optional<string> InterestLabel { get; init; }

    [StringLength(200)]
    public Optional<string> PracticeArea { get; init; }

    /// <summary>The origin of the lead, such as <c>manual</c> or <c>referral</c>.</summary>
    [StringLength(200)]
    public Optional<string> Source { get; init; }

    /// <summary>Data from the source, as a JSON object. Replaced as a whole; null clears it.</summary>
    [JsonObject]
    public Optional<JsonElement?> SourceData { get; init; }

    /// <summary>Data about the company, as a JSON object. Replaced as a whole; null clears it.</summary>
    [JsonObject]
    public Optional<JsonElement?> CompanyData { get; init; }

    /// <summary>Your own fields, as a JSON object. Replaced as a whole; null clears it.</summary>
    [JsonObject]
    public Optional<JsonElement?> CustomFields { get; init; }

    /// <summary>Replaced as a whole; null clears them.</summary>
    [TagList]
    public Optional<string[]> Tags { get; init; }

    /// <summary>
    /// The user who works the lead: active, with a role that can work leads, and in whose scope the lead is. The user is notified.
    /// </summary>
    public Optional<Guid?> AssignedTo { get; init; }

    /// <summary>The amount of the deal. Webhooks do not replace what a person entered; null lets them set it again.</summary>
    [DealAmount]
    public Optional<decimal?> DealAmount { get; init; }

    /// <summary>The currency of the amount (ISO 4217). Required with an amount.</summary>
    [Currency]
    public Optional<string> DealCurrency { get; init; }

    /// <summary>The day on which the deal is expected to be closed.</summary>
    public Optional<DateOnly?> ExpectedCloseDate { get; init; }

    /// <summary>The JSON members of a new lead.</summary>
    internal static JsonElement NoData => Empty;

    /// <summary>
    /// The lead with the sent fields applied, except its campaign, client and assignee. What does not fit together goes to
    /// <paramref name="errors"/>.
    /// </summary>
    internal LeadRow ApplyTo(LeadRow lead, DateTime now, InputErrors errors)
    {
        var changed = WithDeal(WithInterest(lead, now, errors), errors);
        return changed with
        {
            Status = Status.IsSet ? Status.Value.ToWireName() : lead.Status,
            Priority = Priority.IsSet ? Priority.Value.ToWireName() : lead.Priority,
            PracticeArea = PracticeArea.TrimmedOr(lead.PracticeArea),
            Source = Source.TrimmedOr(lead.Source),
            SourceData = SourceData.IsSet ? SourceData.Value ?? Empty : lead.SourceData,
            CompanyData = CompanyData.IsSet ? CompanyData.Value ?? Empty : lead.CompanyData,
            CustomFields = CustomFields.IsSet ? CustomFields.Value ?? Empty : lead.CustomFields,
            Tags = Tags.IsSet ? TagListAttribute.Stored(Tags.Value ?? []) : lead.Tags,
            ExpectedCloseDate = ExpectedCloseDate.Or(lead.ExpectedCloseDate),
            UpdatedAt = now,
        };
    }

    /// <summary>
    /// A person's setting counts from now on, also that there is no interest: older events that arrive later do not replace it.
    /// </summary>
    private LeadRow WithInterest(LeadRow lead, DateTime now, InputErrors errors)
    {
        var interest = Interest.IsSet ? Interest.Value?.ToWireName() : lead.Interest;
        var isLabel = interest == LeadInterest.Label.ToWireName();
        var label = InterestLabel.TrimmedOr(lead.InterestLabel);
        if (InterestLabel.IsSet && label is not null && !isLabel)
        {
            errors.Add("interest_label", "can only be sent with the interest label");
        }
        label = isLabel ? label : null;
        return interest == lead.Interest && label == lead.InterestLabel
            ? lead
            : lead with { Interest = interest, InterestLabel = label, InterestAt = now };
    }

    private LeadRow WithDeal(LeadRow lead, InputErrors errors)
    {
        var amount = DealAmount.Or(lead.DealAmount);
        var isCleared = DealAmount is { IsSet: true, Value: null };
        var currency = isCleared && !DealCurrency.IsSet ? null : DealCurrency.Or(lead.DealCurrency);
        if (amount == lead.DealAmount && currency == lead.DealCurrency)
        {
            return lead;
        }
        if (amount is null && currency is not null)
        {
            errors.Add("deal_currency", "requires deal_amount");
        }
        else if (amount is not null && currency is null)
        {
            errors.Add("deal_currency", "is required with deal_amount");
        }
        return lead with { DealAmount = amount, DealCurrency = currency, DealEnteredBy = amount is null ? null : "person" };
    }
}
