using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SalesBrain.Core.Crm;
using SalesBrain.Core.Values;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Crm;

/// <summary>The fields of a campaign that can be set, except its name.</summary>
public abstract record CampaignFields
{
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    [StringLength(5000)]
    public Optional<string> Description { get; init; }

    /// <summary>A new campaign is a draft unless this says active.</summary>
    [Required]
    public Optional<CampaignStatus> Status { get; init; }

    /// <summary>
    /// Where the campaign comes from: <c>manual</c>, or the webhook source whose events belong to it, such as <c>instantly</c>.
    /// </summary>
    [Required]
    [RegularExpression(
        "^[a-z][a-z0-9_]{0,49}$", ErrorMessage = "must be 1 to 50 lower-case letters, digits and underscores, beginning with a letter")]
    public Optional<string> Source { get; init; }

    /// <summary>The id that the source gave the campaign. Webhooks find the campaign by it.</summary>
    [StringLength(200)]
    public Optional<string> ExternalId { get; init; }

    /// <summary>The agency that runs the campaign. Callers who belong to an agency can name only that one.</summary>
    public Optional<Guid?> AgencyId { get; init; }

    /// <summary>The client that the campaign is for. Its agency becomes the campaign's agency if agency_id is not sent.</summary>
    public Optional<Guid?> ClientId { get; init; }

    /// <summary>First day.</summary>
    public Optional<DateOnly?> StartDate { get; init; }

    /// <summary>Last day, not before start_date.</summary>
    public Optional<DateOnly?> EndDate { get; init; }

    /// <summary>Settings of the campaign, as a JSON object. Replaced as a whole; null clears it.</summary>
    [JsonObject]
    public Optional<JsonElement?> Settings { get; init; }

    /// <summary>Who the campaign is for, as a JSON object. Replaced as a whole; null clears it.</summary>
    [JsonObject]
    public Optional<JsonElement?> TargetAudience { get; init; }

    /// <summary>The settings and target audience of a new campaign.</summary>
    internal static JsonElement NoData => Empty;

    /// <summary>The campaign with the sent fields applied, except its status, agency and client.</summary>
    internal Campaign ApplyTo(Campaign campaign) => campaign with
    {
        Description = Description.TrimmedOr(campaign.Description),
        Source = Source.Or(campaign.Source)!,
        ExternalId = ExternalId.TrimmedOr(campaign.ExternalId),
        StartDate = StartDate.Or(campaign.StartDate),
        EndDate = EndDate.Or(campaign.EndDate),
        Settings = Settings.IsSet ? Settings.Value ?? Empty : campaign.Settings,
        TargetAudience = TargetAudience.IsSet ? TargetAudience.Value ?? Empty : campaign.TargetAudience,
    };

    /// <summary>
    /// The campaign with its status changed as sent, and since when. Null: the status cannot change so. <paramref name="isNew"/>: any first
    /// status that a draft could change to is possible.
    /// </summary>
    internal Campaign? ApplyStatusTo(Campaign campaign, DateTime now, bool isNew = false)
    {
        if (!Status.IsSet || Status.Value.ToWireName() == campaign.Status)
        {
            return campaign;
        }
        var known = WireNames.TryParse(typeof(CampaignStatus), campaign.Status, out var from);
        if (!known || !CampaignStatusRules.MayChange((CampaignStatus)from!, Status.Value)
            || (isNew && Status.Value == CampaignStatus.Archived))
        {
            return null;
        }
        return campaign with
        {
            Status = Status.Value.ToWireName(),
            StartedAt = Status.Value == CampaignStatus.Active ? now : campaign.StartedAt,
            CompletedAt = Status.Value == CampaignStatus.Completed ? now : campaign.CompletedAt,
        };
    }

    /// <summary>
    /// The campaign at the agency and client that were sent; a client brings its agency along. What is wrong goes to
    /// <paramref name="errors"/>.
    /// </summary>
    internal async Task<Campaign> PlaceAsync(DatabaseSession session, Call call, Campaign campaign, InputErrors errors)
    {
        var clientId = ClientId.Or(campaign.ClientId);
        var agencyId = AgencyId.Or(ClientId is { IsSet: true, Value: not null } ? null : campaign.AgencyId) ?? call.Caller.AgencyId;
        if (!AgencyId.IsSet && !ClientId.IsSet && agencyId == campaign.AgencyId)
        {
            return campaign;
        }
        var place = await Campaigns.FindPlaceAsync(session, campaign.OrganizationId, agencyId, clientId, call.CancellationToken);
        if (agencyId is not null && (place.AgencyId is null || (call.Caller.AgencyId is { } own && own != agencyId)))
        {
            errors.Add(
                "agency_id",
                call.Caller.AgencyId is null ? "must be the id of an agency of the organization" : "must be the id of your own agency");
        }
        else if (clientId is not null && (place.AgencyOfClient is null || (agencyId ?? place.AgencyOfClient) != place.AgencyOfClient))
        {
            errors.Add("client_id", "must be the id of a client of the campaign's agency");
        }
        return campaign with { AgencyId = agencyId ?? place.AgencyOfClient, ClientId = clientId };
    }

    /// <summary>Whether the last day is before the first; it goes to <paramref name="errors"/>.</summary>
    internal static void CheckDates(Campaign campaign, InputErrors errors)
    {
        if (campaign.EndDate < campaign.StartDate)
        {
            errors.Add("end_date", "must not be before start_date");
        }
    }

    internal static Problem StatusRefused(Campaign campaign) => Problems.CampaignStatusRefused.Because(
        $"The campaign is {campaign.Status}. A campaign changes from draft to active or archived, from active to paused or completed, from "
        + "paused to active or completed, and from completed to archived.");
}
