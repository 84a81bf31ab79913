namespace SalesBrain.Core.Values;

/// <summary>
/// Reads whole numbers as JSON Schema understands <c>integer</c>: any number without a fraction, however it is written. <c>7</c>,
/// <c>7.0</c>, <c>7e0</c> and <c>70e-1</c> are the same.
/// </summary>
public static class WholeNumbers
{
    /// <summary>Far more than any exponent of a number that fits, and far less than what overflows.</summary>
    private const int MaxExponent = 100_000_000;

    /// <summary>
    /// False if the text is no number, has a fraction, or does not fit. The time it takes grows with the text's length only, not with its
    /// exponent.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        var isNegative = text is ['-', ..];
        var rest = text[(text is ['-' or '+', ..] ? 1 : 0)..];
        var whole = Digits(ref rest);
        var fraction = default(ReadOnlySpan<char>);
        if (rest is ['.', ..])
        {
            rest = rest[1..];
            fraction = Digits(ref rest);
            if (fraction.IsEmpty)
            {
                return false;
            }
        }
        if (whole.IsEmpty || !TryReadExponent(rest, out var exponent))
        {
            return false;
        }

        // The value is 0.DIGITS times ten to the power of point, without zeros at either end of the digits.
        var point = (long)whole.Length + exponent;
        var value = 0L;
        var (significant, zeros) = (0, 0);
        foreach (var digits in new[] { whole.ToString(), fraction.ToString() })
        {
            foreach (var digit in digits)
            {
                if (digit == '0')
                {
                    (significant, zeros, point) = significant == 0 ? (0, 0, point - 1) : (significant, zeros + 1, point);
                    continue;
                }
                significant += zeros + 1;
                if (significant > 10)
                {
                    // Either too large, or with a fraction.
                    return false;
                }
                value = (value * PowerOfTen(zeros + 1)) + (digit - '0');
                zeros = 0;
            }
        }
        if (value == 0)
        {
            return true;
        }
        if (point < significant || point > 10)
        {
            return false;
        }
        value *= PowerOfTen((int)point - significant);
        value = isNegative ? -value : value;
        if (value is < int.MinValue or > int.MaxValue)
        {
            return false;
        }
        number = (int)value;
        return true;
    }

    private static bool TryReadExponent(ReadOnlySpan<char> text, out int exponent)
    {
        exponent = 0;
        if (text.IsEmpty)
        {
            return true;
        }
        if (text[0] is not ('e' or 'E'))
        {
            return false;
        }
        text = text[1..];
        var isNegative = text is ['-', ..];
        text = text[(text is ['-' or '+', ..] ? 1 : 0)..];
        var digits = Digits(ref text);
        foreach (var digit in digits)
        {
            exponent = Math.Min(MaxExponent, (exponent * 10) + (digit - '0'));
        }
        exponent = isNegative ? -exponent : exponent;
        return !digits.IsEmpty && text.IsEmpty;
    }

    private static ReadOnlySpan<char> Digits(scoped ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        var digits = end < 0 ? text : text[..end];
        text = text[digits.Length..];
        return digits;
    }

    private static long PowerOfTen(int power)
    {
        var value = 1L;
        for (var i = 0; i < power; i++)
        {
            value *= 10;
        }
        return value;
    }
}
