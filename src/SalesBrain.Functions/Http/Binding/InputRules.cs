using System.ComponentModel.DataAnnotations;
using SalesBrain.Core.Values;

namespace SalesBrain.Functions.Http.Binding;

/// <summary>The messages of validation rules, the same for every endpoint.</summary>
internal static class InputRules
{
    /// <summary>Default maximum length of a string.</summary>
    internal const int DefaultMaxLength = 4000;

    /// <summary>Whether the value follows the rule. Lengths of texts count characters (code points), as JSON Schema does.</summary>
    internal static bool IsValid(ValidationAttribute rule, object? value) => (rule, value) switch
    {
        (StringLengthAttribute length, string text) =>
            CodePoints.Count(text) is var count && count >= length.MinimumLength && count <= length.MaximumLength,
        (LengthAttribute length, string text) =>
            CodePoints.Count(text) is var count && count >= length.MinimumLength && count <= length.MaximumLength,
        (MinLengthAttribute length, string text) => CodePoints.Count(text) >= length.Length,
        (MaxLengthAttribute length, string text) => CodePoints.Count(text) <= length.Length,
        _ => rule.IsValid(value),
    };

    internal static string Describe(ValidationAttribute rule) => rule switch
    {
        { ErrorMessage: { } message } => message,
        RangeAttribute range => $"must be from {range.Minimum} to {range.Maximum}",
        StringLengthAttribute { MinimumLength: > 0 } length => $"must be {length.MinimumLength} to {length.MaximumLength} characters",
        StringLengthAttribute length => $"must be at most {length.MaximumLength} characters",
        LengthAttribute length => $"must have {length.MinimumLength} to {length.MaximumLength} items",
        AllowedValuesAttribute allowed => "must be one of " + string.Join(", ", allowed.Values),
        _ => "is not valid",
    };
}
