using System.Text.Json;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Assignments;

/// <summary>Why no member of a rule could take a contact.</summary>
public sealed record EmptyPool
{
    /// <summary>The rule's name.</summary>
    public string Rule { get; init; } = "";
    public int Members { get; init; }

    /// <summary>Disabled, not yet active, or in a role that doesn't work contacts.</summary>
    public int Inactive { get; init; }
    public int OffHours { get; init; }
    public int AtCap { get; init; }

    /// <summary>The reason as a sentence to display.</summary>
    public string Text =>
        $"No member of rule \"{Rule}\" can take the contact now. Of its {Members} members, {Inactive} are inactive, {OffHours} are outside "
        + $"their working hours, and {AtCap} have reached their limit. The contact waits until a member can take it.";

    /// <summary>Reads the reason that app.assign_contacts returned.</summary>
    public static EmptyPool Read(JsonElement? reason) => reason!.Value.Deserialize<EmptyPool>(ColumnJson.Options)!;
}
