using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Assignments;

namespace SalesBrain.Functions.Assignments;

/// <summary>Shows by which rules contacts are assigned automatically, and how many wait, for whoever manages assignments.</summary>
public sealed class GetAssignmentRules(RequestPipeline pipeline)
{
    [Function(nameof(GetAssignmentRules))]
    [Operation("Assignments", "The rules of automatic assignment", Description = "Without any rules, everybody who can work contacts takes turns.")]
    [Requires(Capability.ManageAssignments)]
    [Returns(200, typeof(AssignmentRuleSet))]
    [Returns(304)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/assignment-rules")] HttpRequest request) =>
        pipeline.RunAsync<GetAssignmentRules, GetAssignmentRulesQuery>(request, async (call, input) =>
        {
            var errors = new InputErrors();
            var organizationId = call.Caller.OrganizationFor(input.OrganizationId, errors);
            return errors.Any
                ? Problems.InvalidInput(errors)
                : EntityTags.Show(call, await AssignmentRuleSets.GetAsync(call.Read(), organizationId, call.CancellationToken));
        });
}

public sealed record GetAssignmentRulesQuery
{
    /// <summary>Whose rules; needed only by platform operators.</summary>
    public Guid? OrganizationId { get; init; }
}
