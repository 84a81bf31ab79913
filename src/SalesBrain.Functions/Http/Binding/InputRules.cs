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
        // Its ErrorMessage is never null: without one of ours it is the framework's.
        AllowedValuesAttribute allowed when allowed.ErrorMessage?.Contains("{0}", StringComparison.Ordinal) is true =>
            "must be one of " + string.Join(", ", allowed.Values.Where(value => value is not null)),
        { ErrorMessage: { } message } => message,
        RangeAttribute range => $"must be from {range.Minimum} to {range.Maximum}",
        StringLengthAttribute { MinimumLength: > 0 } length => $"must be {length.MinimumLength} to {length.MaximumLength} characters",
        StringLengthAttribute length => $"must be at most {length.MaximumLength} characters",
        LengthAttribute length => $"must have {length.MinimumLength} to {length.MaximumLength} items",
        _ => "is not valid",
    };
}
