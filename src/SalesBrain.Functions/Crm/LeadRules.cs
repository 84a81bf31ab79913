using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SalesBrain.Core.Crm;
using SalesBrain.Core.Values;

namespace SalesBrain.Functions.Crm;

/// <summary>The amount of a deal.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DealAmountAttribute : ValidationAttribute
{
    public DealAmountAttribute() => ErrorMessage = "must be from 0 to 999999999999.99, with at most 2 decimals";

    public override bool IsValid(object? value) => value is not decimal amount || DealAmounts.IsValid(amount);
}

/// <summary>A currency by its ISO 4217 code, in capitals.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CurrencyAttribute : ValidationAttribute
{
    public CurrencyAttribute() => ErrorMessage = "must be an ISO 4217 currency code such as EUR";

    public override bool IsValid(object? value) => value is not string code || Currencies.IsKnown(code);
}

/// <summary>The answers of a qualification: an object of texts, numbers and booleans.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CriteriaAttribute : ValidationAttribute
{
    private const int Most = 50;
    private const int MaxLength = 1000;

    public CriteriaAttribute() => ErrorMessage = "must be an object of at most 50 criteria, whose names have 1 to 100 characters and whose values are "
        + "texts of at most 1000 characters, numbers or booleans";

    public override bool IsValid(object? value) => value is not JsonElement json
        || (json.ValueKind == JsonValueKind.Object && json.EnumerateObject().Count() <= Most && json.EnumerateObject().All(IsCriterion));

    private static bool IsCriterion(JsonProperty criterion) =>
        !string.IsNullOrWhiteSpace(criterion.Name) && CodePoints.Count(criterion.Name) <= 100 && criterion.Value.ValueKind switch
        {
            JsonValueKind.String => CodePoints.Count(criterion.Value.GetString()!) <= MaxLength,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => true,
            _ => false,
        };
}
