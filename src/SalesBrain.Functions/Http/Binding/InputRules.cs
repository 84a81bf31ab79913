using System.ComponentModel.DataAnnotations;

namespace SalesBrain.Functions.Http.Binding;

/// <summary>The messages of validation rules, the same for every endpoint.</summary>
internal static class InputRules
{
    /// <summary>Default maximum length of a string.</summary>
    internal const int DefaultMaxLength = 4000;

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
