using System.ComponentModel.DataAnnotations;
using SalesBrain.Core.Values;
using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>The conditions on leads that lists, exports and reports have in common.</summary>
internal interface ILeadConditions
{
    LeadStatus[] Status { get; }
    LeadPriority[] Priority { get; }
    LeadInterest[] Interest { get; }
    string? AssignedTo { get; }
    string? PracticeArea { get; }
    string[] Tags { get; }
    int? MinScore { get; }
    string? Search { get; }
    CustomFieldFilter[] CustomFields { get; }
}

/// <summary>What the conditions mean.</summary>
internal static class LeadConditions
{
    private const string Nobody = "none";
    private const string Me = "me";

    /// <summary>What the attributes of the parameters do not say.</summary>
    internal static IEnumerable<ValidationResult> Check(ILeadConditions conditions)
    {
        if (conditions.AssignedTo is not (null or Me or Nobody) && !Guid.TryParseExact(conditions.AssignedTo, "D", out _))
        {
            yield return new("must be a UUID, me or none", [nameof(conditions.AssignedTo)]);
        }
        if (conditions.Tags.Any(tag => CodePoints.Count(tag) > 100))
        {
            yield return new("must be at most 100 characters each", [nameof(conditions.Tags)]);
        }
    }

    internal static LeadFilter FilterOf(ILeadConditions conditions, Caller caller) => new()
    {
        Statuses = conditions.Status,
        Priorities = conditions.Priority,
        Interests = conditions.Interest,
        AssignedTo = conditions.AssignedTo == Me ? caller.UserId
            : Guid.TryParseExact(conditions.AssignedTo, "D", out var user) ? user : null,
        Unassigned = conditions.AssignedTo == Nobody,
        PracticeArea = conditions.PracticeArea,
        Tags = conditions.Tags,
        MinScore = conditions.MinScore,
        CustomFields = conditions.CustomFields,
        Search = conditions.Search,
    };
}
