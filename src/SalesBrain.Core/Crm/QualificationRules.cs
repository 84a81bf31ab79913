using System.Text.Json;

namespace SalesBrain.Core.Crm;

/// <summary>From which qualification score on a lead is qualified, and up to which it is rejected.</summary>
/// <param name="QualifiedAt">The lowest score of qualified leads.</param>
/// <param name="RejectedAt">The highest score of rejected leads; 0 = no score rejects.</param>
public sealed record QualificationRules(int QualifiedAt, int RejectedAt)
{
    private const string Thresholds = "must be whole numbers, rejected_at from 0 to 4 and qualified_at above it, at most 5";

    /// <summary>The rules without settings.</summary>
    public static QualificationRules Default { get; } = new(4, 2);

    /// <summary>
    /// The rules of an organization's settings. Settings from before they were checked count as none if something is wrong in them.
    /// </summary>
    public static QualificationRules Of(JsonElement? settings) =>
        settings is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty("qualification", out var rules) && !Check(rules).Any()
            ? new(Number(rules, "qualified_at") ?? Default.QualifiedAt, Number(rules, "rejected_at") ?? Default.RejectedAt)
            : Default;

    /// <summary>What is wrong with the <c>qualification</c> of settings, by the path inside of it.</summary>
    public static IEnumerable<(string Path, string Message)> Check(JsonElement rules)
    {
        if (rules.ValueKind != JsonValueKind.Object)
        {
            yield return ("", "must be an object");
            yield break;
        }
        foreach (var member in rules.EnumerateObject())
        {
            if (member.Name is not ("qualified_at" or "rejected_at"))
            {
                yield return ($".{member.Name}", "is not a known setting");
            }
            else if (Number(rules, member.Name) is null)
            {
                yield return ($".{member.Name}", Thresholds);
                yield break;
            }
        }
        var (qualified, rejected) = (Number(rules, "qualified_at") ?? Default.QualifiedAt, Number(rules, "rejected_at") ?? Default.RejectedAt);
        if (rejected < 0 || rejected >= qualified || qualified > 5)
        {
            yield return ("", Thresholds);
        }
    }

    /// <summary>The status of a lead after it was given a score. A lead that is converted has passed qualification and stays so.</summary>
    public string StatusAfter(string status, int score) =>
        status == "converted" ? status : score >= QualifiedAt ? "qualified" : score <= RejectedAt ? "rejected" : status;

    private static int? Number(JsonElement rules, string name) =>
        rules.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)
            && decimal.Truncate(number) == number && Math.Abs(number) <= 100
            ? (int)number
            : null;
}
