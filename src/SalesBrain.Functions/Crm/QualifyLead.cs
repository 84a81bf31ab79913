using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Crm;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Crm;

/// <summary>
/// Records how well a lead fits, and qualifies or rejects it. For roles that work leads; members and agency staff only their own.
/// </summary>
public sealed class QualifyLead(RequestPipeline pipeline)
{
    [Function(nameof(QualifyLead))]
    [Operation("Leads", "Qualify a lead", Description =
        "A score of 4 or more makes the lead qualified, 2 or less rejected; 3 leaves the status. The organization's settings can have "
        + "other thresholds (qualification.qualified_at and qualification.rejected_at). A converted lead stays converted. A new "
        + "qualification replaces the last one.")]
    [Requires(Capability.WorkLeads)]
    [Returns(200, typeof(LeadDetail))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/leads/{leadId:guid}/qualify")] HttpRequest request,
        Guid leadId) =>
        pipeline.RunAsync<QualifyLead, QualifyLeadRequest>(request, async (call, input) =>
        {
            await using var session = await call.WriteAsync();
            var (lead, problem) = await ChangeableLead.LockAsync(call, session, leadId);
            if (lead is null)
            {
                return problem!;
            }
            var rules = QualificationRules.Of(
                await OrganizationTable.FindSettingsAsync(session, lead.OrganizationId, call.CancellationToken));
            var qualified = lead with
            {
                Status = rules.StatusAfter(lead.Status, input.Score),
                QualificationScore = input.Score,
                QualificationData = input.ToData(call),
            };
            await ChangeableLead.SaveAsync(call, session, lead, qualified, "lead.qualified");
            var after = await ChangeableLead.ShowAsync(call, session, leadId);
            await session.CommitAsync();
            return EntityTags.ShowChanged(call, after);
        });
}

public sealed record QualifyLeadRequest
{
    /// <summary>How well the lead fits: 1 to 5.</summary>
    [Range(1, 5)]
    public required int Score { get; init; }

    /// <summary>What the score is based on: a value for each criterion.</summary>
    [Criteria]
    public JsonElement? Criteria { get; init; }

    [StringLength(2000)]
    public string? Notes { get; init; }

    /// <summary>What is kept: who qualified the lead when, and why.</summary>
    internal JsonElement ToData(Call call) => JsonSerializer.SerializeToElement(
        new QualificationData(Score, Criteria ?? LeadFields.NoData, TrimmedText.Of(Notes), call.Caller.UserId, call.Now.UtcDateTime),
        JsonResponse.Snake);

    private sealed record QualificationData(int Score, JsonElement Criteria, string? Notes, Guid QualifiedBy, DateTime QualifiedAt);
}
