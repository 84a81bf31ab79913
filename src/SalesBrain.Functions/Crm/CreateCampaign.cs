using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Creates a campaign, for owners, admins and agency admins, and for sb_admin in any organization.</summary>
public sealed class CreateCampaign(RequestPipeline pipeline)
{
    [Function(nameof(CreateCampaign))]
    [Operation("Campaigns", "Create a campaign", Description = "The campaign is a draft, unless status is active.")]
    [Requires(Capability.ManageCampaigns)]
    [Returns(201, typeof(Campaign))]
    [Problems("already_exists", "campaign_status_refused")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/campaigns")] HttpRequest request) =>
        pipeline.RunAsync<CreateCampaign, CreateCampaignRequest>(request, AddAsync);

    internal static async Task<IResult> AddAsync(Call call, CreateCampaignRequest input)
    {
        var errors = new InputErrors();
        var organizationId = call.Caller.OrganizationFor(input.OrganizationId, errors);
        if (errors.Any)
        {
            return Problems.InvalidInput(errors);
        }
        await using var session = await call.WriteAsync();
        var draft = await input.PlaceAsync(session, call, input.ApplyTo(new Campaign
        {
            Id = Guid.CreateVersion7(call.Now),
            OrganizationId = organizationId,
            Name = input.Name.Trim(),
            Settings = CampaignFields.NoData,
            TargetAudience = CampaignFields.NoData,
            CreatedBy = call.Caller.UserId,
            CreatedAt = call.Now.UtcDateTime,
            UpdatedAt = call.Now.UtcDateTime,
        }), errors);
        CampaignFields.CheckDates(draft, errors);
        if (errors.Any)
        {
            return Problems.InvalidInput(errors);
        }
        if (input.ApplyStatusTo(draft, call.Now.UtcDateTime, isNew: true) is not { } campaign)
        {
            return Problems.CampaignStatusRefused.Because("A new campaign is a draft or active.");
        }
        await Campaigns.AddAsync(session, campaign, call.CancellationToken);
        var added = (await Campaigns.FindAsync(session, campaign.Id, call.CancellationToken))!;
        await call.AuditAsync(session, "campaign.created", "campaign", added.Id, organizationId, AuditedChanges.Created(added));
        await session.CommitAsync();
        return EntityTags.ShowCreated(call, $"/api/v1/campaigns/{added.Id}", added);
    }
}

/// <summary>The same as <see cref="CreateCampaign"/>, at the path that the campaign front end calls.</summary>
public sealed class CreateCampaignAlias(RequestPipeline pipeline)
{
    [Function(nameof(CreateCampaignAlias))]
    [Operation("Campaigns", "Create a campaign (alias)", Description = "The same as POST /api/v1/campaigns.")]
    [Requires(Capability.ManageCampaigns)]
    [Returns(201, typeof(Campaign))]
    [Problems("already_exists", "campaign_status_refused")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/campaigns/create")] HttpRequest request) =>
        pipeline.RunAsync<CreateCampaignAlias, CreateCampaignRequest>(request, CreateCampaign.AddAsync);
}

public sealed record CreateCampaignRequest : CampaignFields
{
    /// <summary>The organization of the campaign. Required only for platform operators.</summary>
    public Guid? OrganizationId { get; init; }

    [StringLength(300)]
    [NotBlank]
    public required string Name { get; init; }
}
