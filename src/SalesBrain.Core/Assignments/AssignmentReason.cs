using System.Globalization;
using System.Text.Json;

namespace SalesBrain.Core.Assignments;

/// <summary>Why an automatic assignment went to its user, as app.assign_contacts stored it.</summary>
public sealed record AssignmentReason
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public Guid RuleId { get; init; }

    /// <summary>The rule's name at that time.</summary>
    public string Rule { get; init; } = "";

    /// <summary><c>round_robin</c>, <c>lead_score</c> or <c>territory</c>.</summary>
    public string Strategy { get; init; } = "";

    /// <summary>What of the contact made the rule match, by condition; null when the rule takes every contact.</summary>
    public Dictionary<string, string>? Matched { get; init; }

    /// <summary>Members of the rule.</summary>
    public int Members { get; init; }

    /// <summary>Of them, those who could take a contact.</summary>
    public int Eligible { get; init; }

    public int Weight { get; init; }

    /// <summary>What the user had had from the rule by then, by weight: the least of all who could take the contact.</summary>
    public decimal WeightedCount { get; init; }

    /// <summary>With lead_score: the contact's.</summary>
    public int? LeadScore { get; init; }

    /// <summary>The reason in a sentence for a person.</summary>
    public string Text =>
        $"Rule \"{Rule}\"{(Matched is { Count: > 0 } ? $" ({string.Join(", ", Matched.Select(pair => $"{pair.Key.Replace('_', ' ')} {pair.Value}"))})" : "")}: "
        + string.Create(CultureInfo.InvariantCulture, $"of {Members} members {Eligible} could take a contact, and this one had had the fewest by weight ({WeightedCount:0.###}).")
        + (LeadScore is { } score ? string.Create(CultureInfo.InvariantCulture, $" Of the contacts given together, the highest scores went to the highest weights: score {score}, weight {Weight}.") : "");

    /// <summary>Reads what is stored; null for assignments by hand.</summary>
    public static AssignmentReason? Read(JsonElement? stored) =>
        stored is { ValueKind: JsonValueKind.Object } json ? json.Deserialize<AssignmentReason>(Json) : null;
}
