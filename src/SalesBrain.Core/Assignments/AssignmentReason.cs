using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Assignments;

/// <summary>Why an automatic assignment went to its user.</summary>
public sealed record AssignmentReason
{
    public Guid RuleId { get; init; }

    /// <summary>The rule's name at the time of the assignment.</summary>
    public string Rule { get; init; } = "";

    /// <summary><c>round_robin</c>, <c>lead_score</c> or <c>territory</c>.</summary>
    [AllowedValues("round_robin", "lead_score", "territory")]
    public string Strategy { get; init; } = "";

    /// <summary>The contact's values that matched, by condition; null if the rule takes every contact.</summary>
    public Dictionary<string, string>? Matched { get; init; }

    /// <summary>Number of members of the rule.</summary>
    public int Members { get; init; }

    /// <summary>Number of members who could take a contact.</summary>
    public int Eligible { get; init; }

    public int Weight { get; init; }

    /// <summary>Weighted number of contacts that the user already had from the rule: the lowest of all eligible members.</summary>
    public decimal WeightedCount { get; init; }

    /// <summary>The contact's lead score, with strategy lead_score.</summary>
    public int? LeadScore { get; init; }

    /// <summary>The reason as a sentence to display.</summary>
    public string Text =>
        $"Rule \"{Rule}\"{(Matched is { Count: > 0 } ? $" ({string.Join(", ", Matched.Select(pair => $"{pair.Key.Replace('_', ' ')} {pair.Value}"))})" : "")}: "
        + string.Create(
            CultureInfo.InvariantCulture,
            $"{Eligible} of {Members} members could take a contact, and this member had the fewest by weight ({WeightedCount:0.###}).")
        + (LeadScore is { } score ? string.Create(CultureInfo.InvariantCulture, $" Of the contacts assigned together, the highest scores went to the members with the highest weights (score {score}, weight {Weight}).") : "");

    /// <summary>Reads what is stored; null for assignments by hand.</summary>
    public static AssignmentReason? Read(JsonElement? stored) =>
        stored is { ValueKind: JsonValueKind.Object } json ? json.Deserialize<AssignmentReason>(ColumnJson.Options) : null;
}
