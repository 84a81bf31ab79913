using System.Text.Json;

namespace SalesBrain.Core.Assignments;

/// <summary>Why nobody could take a contact: what keeps the members of its rule from it.</summary>
public sealed record EmptyPool
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The rule's name.</summary>
    public string Rule { get; init; } = "";
    public int Members { get; init; }

    /// <summary>Disabled, not yet active, or in a role that doesn't work contacts.</summary>
    public int Inactive { get; init; }
    public int OffHours { get; init; }
    public int AtCap { get; init; }

    /// <summary>The reason in a sentence for a person.</summary>
    public string Text =>
        $"Nobody of rule \"{Rule}\" can take the contact now: of {Members} members {Inactive} are inactive, {OffHours} do not work at this time, "
        + $"and {AtCap} have as many contacts as they may have. It waits until somebody can.";

    /// <summary>Reads what app.assign_contacts answered.</summary>
    public static EmptyPool Read(JsonElement? reason) => reason!.Value.Deserialize<EmptyPool>(Json)!;
}
