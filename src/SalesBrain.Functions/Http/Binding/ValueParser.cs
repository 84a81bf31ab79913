using System.Globalization;
using System.Text.RegularExpressions;
using SalesBrain.Core.Values;

namespace SalesBrain.Functions.Http.Binding;

/// <summary>Values written as text: query parameters, form fields, and the strings of JSON.</summary>
internal static partial class ValueParser
{
    private static readonly string[] DateFormats = ["yyyy-MM-dd"];

    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK",
    ];

    /// <summary>One parameter, possibly repeated: the values of an array one by one.</summary>
    internal static bool TryRead(Type type, string[] texts, string path, InputErrors errors, out object? value)
    {
        value = null;
        if (type.IsArray)
        {
            var elementType = type.GetElementType()!;
            var array = Array.CreateInstance(elementType, texts.Length);
            for (var i = 0; i < texts.Length; i++)
            {
                if (!TryReadOne(elementType, texts[i], path, errors, out var item))
                {
                    return false;
                }
                array.SetValue(item, i);
            }
            value = array;
            return true;
        }
        if (texts.Length > 1)
        {
            errors.Add(path, "takes one value, but is given more than once");
            return false;
        }
        return TryReadOne(type, texts[0], path, errors, out value);
    }

    internal static bool TryReadOne(Type type, string text, string path, InputErrors errors, out object? value)
    {
        value = null;
        if (text.Contains('\0', StringComparison.Ordinal) || HasLoneSurrogate(text))
        {
            errors.Add(path, StorableJson.NotStorable);
            return false;
        }
        if (type == typeof(string))
        {
            value = text;
            return true;
        }
        if (type == typeof(Guid))
        {
            return Accept(Guid.TryParseExact(text, "D", out var id), id, "must be a UUID", path, errors, out value);
        }
        if (type == typeof(int))
        {
            return Accept(WholeNumbers.TryRead(text, out var number), number, "must be a whole number", path, errors, out value);
        }
        if (type == typeof(bool))
        {
            return Accept(bool.TryParse(text, out var flag), flag, "must be true or false", path, errors, out value);
        }
        if (type == typeof(DateTime))
        {
            return Accept(
                TryReadTime(text, out var time), time,
                "must be a date (2026-01-31) or an RFC 3339 time (2026-01-31T09:30:00Z) from 1900 to 9998", path, errors, out value);
        }
        if (type == typeof(DateOnly))
        {
            var known = DateOnly.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                && date.Year is >= 1900 and <= 9998;
            return Accept(known, date, "must be a date such as 2026-01-31, from 1900 to 9998", path, errors, out value);
        }
        if (type.IsEnum)
        {
            if (WireNames.TryParse(type, text, out value))
            {
                return true;
            }
            errors.Add(path, "must be one of " + string.Join(", ", WireNames.AllOf(type)));
            return false;
        }
        throw new NotSupportedException($"Input members of type {type} are not supported.");
    }

    /// <summary>A date means 00:00 UTC; a time must say its offset.</summary>
    private static bool TryReadTime(string text, out DateTime time)
    {
        if (DateTime.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time))
        {
            return time.Year is >= 1900 and <= 9998;
        }
        // RFC 3339 takes the letters in either case, and any number of digits after the point; more than seven are finer than the clock.
        var known = DateTimeOffset.TryParseExact(
            ExtraDigits().Replace(text, "").ToUpperInvariant(), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var moment);
        time = moment.UtcDateTime;
        return known && time.Year is >= 1900 and <= 9998;
    }

    [GeneratedRegex(@"(?<=\.[0-9]{7})[0-9]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ExtraDigits();

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }
        return false;
    }

    private static bool Accept(bool ok, object read, string message, string path, InputErrors errors, out object? value)
    {
        value = ok ? read : null;
        if (!ok)
        {
            errors.Add(path, message);
        }
        return ok;
    }
}
