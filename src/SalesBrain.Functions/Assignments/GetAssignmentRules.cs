using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Assignments;

namespace SalesBrain.Functions.Assignments;

/// <summary>Returns the automatic assignment rules and the number of waiting contacts. For callers who can manage assignments.</summary>
public sealed class GetAssignmentRules(RequestPipeline pipeline)
{
    [Function(nameof(GetAssignmentRules))]
    [Operation("Assignments", "Get the automatic assignment rules",
        Description = "Without rules, contacts are assigned in turns to all users whose role can own contacts.")]
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
    /// <summary>The organization whose rules to return. Required for platform operators.</summary>
    public Guid? OrganizationId { get; init; }
}
