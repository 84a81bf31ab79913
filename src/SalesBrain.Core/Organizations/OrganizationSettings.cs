using System.Text.Json;
using SalesBrain.Core.Conversations;
using SalesBrain.Core.Crm;

namespace SalesBrain.Core.Organizations;

/// <summary>The members of an organization's settings that SalesBrain reads. All others are the organization's own.</summary>
public static class OrganizationSettings
{
    /// <summary>What is wrong with the settings, by path: <c>settings.lead_score.status.new</c>.</summary>
    public static IEnumerable<(string Path, string Message)> Check(JsonElement settings)
    {
        foreach (var (name, check) in new (string, Func<JsonElement, IEnumerable<(string Path, string Message)>>)[]
        {
            ("lead_score", weights => LeadScoreWeights.Check(weights).Select(problem => (problem.Path, problem.Message))),
            ("qualification", QualificationRules.Check),
            ("filterable_fields", FilterableFields.Check),
            ("conversations", ConversationSettings.Check),
        })
        {
            if (settings.TryGetProperty(name, out var member))
            {
                foreach (var (path, message) in check(member))
                {
                    yield return ($"settings.{name}{path}", message);
                }
            }
        }
    }
}
