using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Assignments;
using SalesBrain.Core.Values;
using SalesBrain.Data.Assignments;

namespace SalesBrain.Functions.Assignments;

/// <summary>Sets by which rules contacts are assigned automatically, for callers who manage assignments.</summary>
public sealed class ReplaceAssignmentRules(RequestPipeline pipeline)
{
    [Function(nameof(ReplaceAssignmentRules))]
    [Operation("Assignments", "Replace the automatic assignment rules", Description =
        "Fields that are not sent stay unchanged. The list of rules is replaced as a whole. A rule sent with its id keeps the "
        + "counts of its members, so that turns continue. Every rule except the last needs conditions; the last rule takes all "
        + "remaining contacts. Waiting contacts are matched against the new rules. Setting assign_new_contacts to false removes "
        + "contacts from the queue that were queued only because they were new.")]
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
            var assignsNewContacts = input.AssignNewContacts.Or(before.AssignNewContacts);
            rules = [.. rules.Select(rule => rule.Normalized())];
            var (old, wanted) = (Facts(before.AssignNewContacts, before.Rules), Facts(assignsNewContacts, rules));
            if (JsonElement.DeepEquals(old, wanted))
            {
                return EntityTags.ShowChanged(call, before);
            }
            await AssignmentRuleSets.ReplaceAsync(session, new AssignmentRuleSetChange
            {
                OrganizationId = organizationId,
                AssignNewContacts = assignsNewContacts,
                Rules = rules,
                UpdatedBy = call.Caller.UserId,
                Now = call.Now,
            }, call.CancellationToken);
            var after = await AssignmentRuleSets.GetAsync(session, organizationId, call.CancellationToken);
            await call.AuditAsync(
                session, "assignment.rules_changed", "assignment_ruleset", organizationId, organizationId,
                new { before = old, after = Facts(after.AssignNewContacts, after.Rules) });
            await session.CommitAsync();
            return EntityTags.ShowChanged(call, after);
        });

    /// <summary>What the caller can set.</summary>
    private static JsonElement Facts(bool assignNewContacts, IReadOnlyList<AssignmentRule> rules) =>
        JsonSerializer.SerializeToElement(new { assignNewContacts, rules }, JsonResponse.Snake);
}

public sealed record ReplaceAssignmentRulesRequest
{
    /// <summary>The organization whose rules to return. Required for platform operators.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Whether contacts created by webhooks and imports are assigned automatically.</summary>
    [Required]
    public Optional<bool> AssignNewContacts { get; init; }

    /// <summary>
    /// At most 100 rules in order; the first rule that matches a contact takes it. An empty list assigns contacts in turns to all users
    /// whose role can own contacts.
    /// </summary>
    [Required]
    [Accepts(MaxItems = AssignmentRuleChecks.MaxRules)]
    public Optional<AssignmentRule[]> Rules { get; init; }
}
