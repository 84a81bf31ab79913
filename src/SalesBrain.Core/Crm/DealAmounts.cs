using System.Globalization;

namespace SalesBrain.Core.Crm;

/// <summary>Amounts of deals: numeric(14,2).</summary>
public static class DealAmounts
{
    /// <summary>The largest amount.</summary>
    public const decimal Max = 999_999_999_999.99m;

    /// <summary>Whether a person may enter the amount: from 0 to <see cref="Max"/>, at most two decimals.</summary>
    public static bool IsValid(decimal amount) => amount is >= 0 and <= Max && decimal.Round(amount, 2) == amount;

    /// <summary>
    /// The amount that a webhook wrote as a number or as the text of one, rounded to two decimals; null if it is none. Separators of
    /// thousands and decimal commas are not read: <c>1,234</c> means two things.
    /// </summary>
    public static decimal? Read(string? text) =>
        text is { Length: <= 40 } && decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var amount)
            && decimal.Round(amount, 2, MidpointRounding.AwayFromZero) is >= 0 and <= Max and var rounded
            ? rounded
            : null;
}
