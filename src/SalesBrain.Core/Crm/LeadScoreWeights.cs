using System.Collections.Frozen;
using System.Text.Json;

namespace SalesBrain.Core.Crm;

/// <summary>
/// The weights of the lead score, the <c>lead_score</c> of an organization's settings. What the settings do not say has its default. The
/// same as <c>app.lead_score_weights</c> and the defaults in <c>app.lead_score</c>.
/// </summary>
public sealed record LeadScoreWeights
{
    /// <summary>The largest weight.</summary>
    public const int MaxWeight = 100;

    /// <summary>The longest half-life.</summary>
    public const int MaxHalfLifeDays = 365;

    private static readonly FrozenDictionary<string, decimal> DefaultStatus = new Dictionary<string, decimal>(StringComparer.Ordinal)
    {
        ["new"] = 10,
        ["contacted"] = 15,
        ["responded"] = 25,
        ["qualified"] = 30,
        ["converted"] = 35,
        ["rejected"] = 0,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, decimal> DefaultPriority = new Dictionary<string, decimal>(StringComparer.Ordinal)
    {
        ["low"] = 3,
        ["medium"] = 7,
        ["high"] = 12,
        ["urgent"] = 15,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Points for each status.</summary>
    public IReadOnlyDictionary<string, decimal> Status { get; private init; } = DefaultStatus;

    /// <summary>Points for each step of the qualification score.</summary>
    public decimal Qualification { get; private init; } = 7;

    /// <summary>Points for each priority.</summary>
    public IReadOnlyDictionary<string, decimal> Priority { get; private init; } = DefaultPriority;

    /// <summary>Points of a lead with an activity today; they halve with every half-life.</summary>
    public decimal Recency { get; private init; } = 15;

    /// <summary>The half-life of the recency in days.</summary>
    public int HalfLifeDays { get; private init; } = 14;

    /// <summary>The weights without settings.</summary>
    public static LeadScoreWeights Default { get; } = new();

    /// <summary>
    /// The weights as they are kept, null for none. Settings from before they were checked count as none if something is wrong in them.
    /// </summary>
    public static LeadScoreWeights Of(JsonElement? weights)
    {
        if (weights is not { ValueKind: JsonValueKind.Object } given || Check(given).Any(problem => !problem.IsUnknown))
        {
            return Default;
        }
        return new()
        {
            Status = Merged(DefaultStatus, given, "status"),
            Qualification = Number(given, "qualification", Default.Qualification),
            Priority = Merged(DefaultPriority, given, "priority"),
            Recency = Number(given, "recency", Default.Recency),
            HalfLifeDays = (int)Number(given, "half_life_days", Default.HalfLifeDays),
        };
    }

    /// <summary>What is wrong with the weights, by the path inside of them; empty for the weights themselves.</summary>
    public static IEnumerable<WeightProblem> Check(JsonElement weights)
    {
        if (weights.ValueKind != JsonValueKind.Object)
        {
            yield return new("", "must be an object", IsUnknown: false);
            yield break;
        }
        foreach (var member in weights.EnumerateObject())
        {
            switch (member.Name)
            {
                case "status" or "priority" when member.Value.ValueKind == JsonValueKind.Object:
                    var known = member.Name == "status" ? DefaultStatus : DefaultPriority;
                    foreach (var weight in member.Value.EnumerateObject())
                    {
                        if (!IsNumber(weight.Value, 0, MaxWeight))
                        {
                            yield return new($".{member.Name}.{weight.Name}", NotAWeight, IsUnknown: false);
                        }
                        else if (!known.ContainsKey(weight.Name))
                        {
                            yield return new(
                                $".{member.Name}.{weight.Name}", "must be one of " + string.Join(", ", known.Keys), IsUnknown: true);
                        }
                    }
                    break;
                case "status" or "priority":
                    yield return new($".{member.Name}", "must be an object", IsUnknown: false);
                    break;
                case "qualification" or "recency":
                    if (!IsNumber(member.Value, 0, MaxWeight))
                    {
                        yield return new($".{member.Name}", NotAWeight, IsUnknown: false);
                    }
                    break;
                case "half_life_days":
                    if (!IsNumber(member.Value, 1, MaxHalfLifeDays)
                        || decimal.Truncate(member.Value.GetDecimal()) != member.Value.GetDecimal())
                    {
                        yield return new($".{member.Name}", $"must be a whole number from 1 to {MaxHalfLifeDays}", IsUnknown: false);
                    }
                    break;
                default:
                    yield return new($".{member.Name}", "is not a known weight", IsUnknown: true);
                    break;
            }
        }
    }

    private static string NotAWeight => $"must be a number from 0 to {MaxWeight}";

    private static bool IsNumber(JsonElement value, decimal from, decimal to) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number >= from && number <= to;

    private static decimal Number(JsonElement weights, string name, decimal otherwise) =>
        weights.TryGetProperty(name, out var value) ? value.GetDecimal() : otherwise;

    private static FrozenDictionary<string, decimal> Merged(FrozenDictionary<string, decimal> defaults, JsonElement weights, string name) =>
        weights.TryGetProperty(name, out var given)
            ? defaults.ToFrozenDictionary(entry => entry.Key, entry => Number(given, entry.Key, entry.Value), StringComparer.Ordinal)
            : defaults;
}

/// <summary>
/// What is wrong at a path in the weights. An unknown name is refused in new settings, and ignored in those that are there.
/// </summary>
public sealed record WeightProblem(string Path, string Message, bool IsUnknown);
