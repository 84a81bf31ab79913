using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Assignments;
using SalesBrain.Data.Assignments;

namespace SalesBrain.Functions.Assignments;

/// <summary>Sets by which rules contacts are assigned automatically, for whoever manages assignments.</summary>
public sealed class ReplaceAssignmentRules(RequestPipeline pipeline)
{
    [Function(nameof(ReplaceAssignmentRules))]
    [Operation("Assignments", "Sets the rules of automatic assignment",
        Description = "What is not sent stays. The rules are replaced as a whole; one that is sent with its id keeps what its members have had, so that turns go "
            + "on where they were. Every rule but the last has conditions; the last takes what no other took. Contacts that wait are matched anew. Switching "
            + "assign_new_contacts off lets those go that wait only because they were new.")]
    [Requires(Capability.ManageAssignments)]
    [Returns(200, typeof(AssignmentRuleSet))]
    [Problems("changed_meanwhile")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/admin/assignment-rules")] HttpRequest request) =>
        pipeline.RunAsync<ReplaceAssignmentRules, ReplaceAssignmentRulesRequest>(request, async (call, input) =>
        {
            var errors = new InputErrors();
            var organizationId = call.Caller.OrganizationFor(input.OrganizationId, errors);
            if (errors.Any && call.Caller.OrganizationId is null)
            {
                // Without an organization there is nothing to check the rules against.
                return Problems.InvalidInput(errors);
            }
            await using var session = await call.WriteAsync();
            await AssignmentRuleSets.LockAsync(session, organizationId, call.CancellationToken);
            var before = await AssignmentRuleSets.GetAsync(session, organizationId, call.CancellationToken);
            var rules = input.Rules.IsSet ? input.Rules.Value! : [.. before.Rules];
            if (input.Rules.IsSet)
            {
                var facts = await AssignmentRuleSets.GetFactsAsync(session, organizationId, rules, call.CancellationToken);
                foreach (var (path, message) in AssignmentRuleChecks.Problems(rules, facts))
                {
                    errors.Add("rules" + path, message);
                }
            }
            if (errors.Any)
            {
                return Problems.InvalidInput(errors);
            }
            if (!EntityTags.Match(call, before))
            {
                return Problems.ChangedMeanwhile;
            }
            await AssignmentRuleSets.ReplaceAsync(session, new AssignmentRuleSetChange
            {
                OrganizationId = organizationId,
                AssignNewContacts = input.AssignNewContacts.Or(before.AssignNewContacts),
                Rules = rules,
                UpdatedBy = call.Caller.UserId,
                Now = call.Now,
            }, call.CancellationToken);
            var after = await AssignmentRuleSets.GetAsync(session, organizationId, call.CancellationToken);
            var (told, tells) = (Facts(before), Facts(after));
            if (JsonElement.DeepEquals(told, tells))
            {
                // Nothing changed: no new version, and no trace.
                return EntityTags.ShowChanged(call, before);
            }
            await call.AuditAsync(
                session, "assignment.rules_changed", "assignment_ruleset", organizationId, organizationId,
                new { before = told, after = tells });
            await session.CommitAsync();
            return EntityTags.ShowChanged(call, after);
        });

    /// <summary>What people may set.</summary>
    private static JsonElement Facts(AssignmentRuleSet set) =>
        JsonSerializer.SerializeToElement(new { set.AssignNewContacts, set.Rules }, JsonResponse.Snake);
}

public sealed record ReplaceAssignmentRulesRequest
{
    /// <summary>Whose rules; needed only by platform operators.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Whether contacts that webhooks and imports create are assigned without being asked for.</summary>
    [Required]
    public Optional<bool> AssignNewContacts { get; init; }

    /// <summary>At most 100, in order: the first that matches a contact takes it. None = everybody who can work contacts takes turns.</summary>
    [Required]
    public Optional<AssignmentRule[]> Rules { get; init; }
}
