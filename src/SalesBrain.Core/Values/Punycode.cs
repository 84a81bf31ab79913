using System.Text;

namespace SalesBrain.Core.Values;

/// <summary>
/// Punycode (RFC 3492). <c>IdnMapping</c> does not help: without ICU it maps and normalizes nothing, and it refuses what is valid today.
/// </summary>
internal static class Punycode
{
    private const int Base = 36;
    private const int MinThreshold = 1;
    private const int MaxThreshold = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int FirstBias = 72;
    private const int FirstPoint = 0x80;

    /// <summary>A label of a domain without <c>xn--</c>. The label must be well-formed and shorter than 1,000 characters.</summary>
    internal static string Encode(string label)
    {
        var points = label.EnumerateRunes().Select(rune => rune.Value).ToArray();
        var encoded = new StringBuilder(label.Length * 2);
        foreach (var point in points)
        {
            if (point < FirstPoint)
            {
                encoded.Append((char)point);
            }
        }
        var basic = encoded.Length;
        if (basic > 0)
        {
            encoded.Append('-');
        }
        var (next, delta, bias) = (FirstPoint, 0, FirstBias);
        for (var handled = basic; handled < points.Length; next++, delta++)
        {
            var smallest = points.Where(point => point >= next).Min();
            delta += (smallest - next) * (handled + 1);
            next = smallest;
            foreach (var point in points)
            {
                if (point < next)
                {
                    delta++;
                }
                else if (point == next)
                {
                    AppendInteger(encoded, delta, bias);
                    bias = Adapt(delta, handled + 1, handled == basic);
                    (delta, handled) = (0, handled + 1);
                }
            }
        }
        return encoded.ToString();
    }

    private static void AppendInteger(StringBuilder encoded, int value, int bias)
    {
        for (var k = Base; ; k += Base)
        {
            var threshold = Math.Clamp(k - bias, MinThreshold, MaxThreshold);
            if (value < threshold)
            {
                encoded.Append(Digit(value));
                return;
            }
            encoded.Append(Digit(threshold + ((value - threshold) % (Base - threshold))));
            value = (value - threshold) / (Base - threshold);
        }
    }

    private static char Digit(int value) => (char)(value < 26 ? 'a' + value : '0' + value - 26);

    private static int Adapt(int delta, int count, bool isFirst)
    {
        delta = isFirst ? delta / Damp : delta / 2;
        delta += delta / count;
        var k = 0;
        while (delta > (Base - MinThreshold) * MaxThreshold / 2)
        {
            delta /= Base - MinThreshold;
            k += Base;
        }
        return k + ((Base - MinThreshold + 1) * delta / (delta + Skew));
    }
}
