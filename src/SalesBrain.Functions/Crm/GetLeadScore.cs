using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Crm;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>Returns the score of a lead and its parts. For callers who can see the lead.</summary>
public sealed class GetLeadScore(RequestPipeline pipeline)
{
    [Function(nameof(GetLeadScore))]
    [Operation("Leads", "Get the score of a lead and its parts", Description =
        "As it is now, by the organization's current weights. The score in lists was computed when the lead last changed; a nightly timer "
        + "corrects it, because the recency decays and weights change.")]
    [Requires(Capability.ReadLeads)]
    [Returns(200, typeof(LeadScoreParts))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/leads/{leadId:guid}/score")] HttpRequest request,
        Guid leadId) =>
        pipeline.RunAsync<GetLeadScore>(request, async call =>
            await LeadScores.FindAsync(call.Read(), leadId, call.CancellationToken) is { } lead
                ? ApiResults.Ok(LeadScoreParts.Of(lead, call.Now.UtcDateTime))
                : Problems.NotFound);
}

/// <summary>The score of a lead: the sum of its parts, rounded half away from zero, and from 0 to 100.</summary>
public sealed record LeadScoreParts
{
    /// <summary>0 to 100.</summary>
    public required int Score { get; init; }

    /// <summary>Points for the status.</summary>
    public required decimal Status { get; init; }

    /// <summary>Points for the qualification score.</summary>
    public required decimal Qualification { get; init; }

    /// <summary>Points for the priority.</summary>
    public required decimal Priority { get; init; }

    /// <summary>Points for the last activity; they halve with every half-life.</summary>
    public required decimal Recency { get; init; }

    /// <summary>Whole days since the last activity, or since the lead was created if it has none.</summary>
    public required int AgeDays { get; init; }

    internal static LeadScoreParts Of(ScoredLead lead, DateTime now)
    {
        var score = LeadScore.Of(
            lead.Status, lead.QualificationScore, lead.Priority, lead.ActiveAt, now, LeadScoreWeights.Of(lead.Weights));
        return new()
        {
            Score = score.Score,
            Status = score.Status,
            Qualification = score.Qualification,
            Priority = score.Priority,
            Recency = score.Recency,
            AgeDays = score.AgeDays,
        };
    }
}
