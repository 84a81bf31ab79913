using System.Globalization;
using System.Text;

namespace SalesBrain.Core.Values;

/// <summary>
/// Unicode normal forms (UAX 15). <c>string.Normalize</c> does not help: in invariant globalization mode, which needs no ICU on the
/// machine, it returns every text unchanged. Lone surrogates stay as they are.
/// </summary>
public static class NormalForms
{
    private const int FirstSyllable = 0xAC00;
    private const int FirstLead = 0x1100;
    private const int FirstVowel = 0x1161;
    private const int BeforeFirstTail = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Tails = 28;

    /// <summary>The canonical form in which texts are stored: <c>e</c> and a combining acute accent become <c>é</c>.</summary>
    public static string Nfc(string text) =>
        // Characters below U+0300 are the same in this form, whatever stands beside them.
        text.AsSpan().IndexOfAnyExceptInRange('\0', '\u02FF') < 0 ? text : ToText(Compose(Decompose(text, Tables.Canonical)));

    /// <summary>The compatibility form, in which also <c>ﬁ</c> and <c>fi</c>, and full-width and other letters, are the same.</summary>
    public static string Nfkc(string text) => Ascii.IsValid(text) ? text : ToText(Compose(Decompose(text, Tables.Compatible)));

    /// <summary>The compatibility form with accents apart from their letters.</summary>
    public static string Nfkd(string text) => Ascii.IsValid(text) ? text : ToText(Decompose(text, Tables.Compatible));

    private static List<int> Decompose(string text, Dictionary<int, int[]> decompositions)
    {
        var points = new List<int>(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var point = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])
                ? char.ConvertToUtf32(text[i], text[++i])
                : text[i];
            var syllable = point - FirstSyllable;
            if (point < 0x80)
            {
                points.Add(point);
            }
            else if (syllable is >= 0 and < Leads * Vowels * Tails)
            {
                points.Add(FirstLead + (syllable / (Vowels * Tails)));
                points.Add(FirstVowel + (syllable / Tails % Vowels));
                if (syllable % Tails > 0)
                {
                    points.Add(BeforeFirstTail + (syllable % Tails));
                }
            }
            else if (decompositions.TryGetValue(point, out var parts))
            {
                points.AddRange(parts);
            }
            else
            {
                points.Add(point);
            }
        }
        SortMarks(points);
        return points;
    }

    /// <summary>Sorts each run of combining marks by class. Marks of the same class keep their order.</summary>
    private static void SortMarks(List<int> points)
    {
        for (var start = 0; start < points.Count; start++)
        {
            var end = start;
            var isSorted = true;
            while (end < points.Count && RankOf(points[end]) > 0)
            {
                isSorted &= end == start || RankOf(points[end - 1]) <= RankOf(points[end]);
                end++;
            }
            if (!isSorted)
            {
                var sorted = points.GetRange(start, end - start).OrderBy(RankOf).ToList();
                for (var i = 0; i < sorted.Count; i++)
                {
                    points[start + i] = sorted[i];
                }
            }
            start = end;
        }
    }

    private static List<int> Compose(List<int> points)
    {
        var composed = new List<int>(points.Count);
        var (starter, lastRank) = (-1, 0);
        foreach (var point in points)
        {
            var rank = RankOf(point);
            // A mark reaches the starter past marks of lower classes only.
            if (starter >= 0 && (composed.Count - 1 == starter || lastRank < rank) && Composite(composed[starter], point) is { } composite)
            {
                composed[starter] = composite;
                continue;
            }
            if (rank == 0)
            {
                starter = composed.Count;
            }
            lastRank = rank;
            composed.Add(point);
        }
        return composed;
    }

    private static int? Composite(int first, int second)
    {
        var (lead, vowel) = (first - FirstLead, second - FirstVowel);
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
        {
            return FirstSyllable + (((lead * Vowels) + vowel) * Tails);
        }
        var (syllable, tail) = (first - FirstSyllable, second - BeforeFirstTail);
        if (syllable is >= 0 and < Leads * Vowels * Tails && syllable % Tails == 0 && tail is > 0 and < Tails)
        {
            return first + tail;
        }
        return Tables.Composites.TryGetValue((first, second), out var composite) ? composite : null;
    }

    /// <summary>The rank of a combining mark's class; 0 for all other characters.</summary>
    private static int RankOf(int point) => point < 0x300 ? 0 : Tables.Ranks.GetValueOrDefault(point);

    private static string ToText(List<int> points)
    {
        var text = new StringBuilder(points.Count + 8);
        foreach (var point in points)
        {
            if (point < 0x10000)
            {
                text.Append((char)point);
            }
            else
            {
                text.Append(new Rune(point).ToString());
            }
        }
        return text.ToString();
    }

    /// <summary>Read when the first text needs them; <c>dev/normal-forms.mjs</c> writes the file.</summary>
    private static class Tables
    {
        internal static readonly Dictionary<int, int[]> Canonical = [];
        internal static readonly Dictionary<int, int[]> Compatible = [];
        internal static readonly Dictionary<(int First, int Second), int> Composites = [];
        internal static readonly Dictionary<int, int> Ranks = [];

        static Tables()
        {
            using var resource = typeof(NormalForms).Assembly.GetManifestResourceStream("normal-forms.txt")!;
            using var reader = new StreamReader(resource);
            var composed = new List<(int Point, int[] Parts)>();
            while (reader.ReadLine() is { } line)
            {
                if (line.StartsWith('#'))
                {
                    continue;
                }
                var fields = line.Split(' ');
                var point = PointOf(fields[1]);
                if (fields[0] == "m")
                {
                    for (var mark = point; mark <= PointOf(fields[2]); mark++)
                    {
                        Ranks.Add(mark, int.Parse(fields[3], CultureInfo.InvariantCulture));
                    }
                    continue;
                }
                var parts = fields[2..].Select(PointOf).ToArray();
                Compatible[point] = parts;
                if (fields[0] != "k")
                {
                    Canonical.Add(point, parts);
                }
                if (fields[0] == "=")
                {
                    composed.Add((point, parts));
                }
            }
            // The decompositions are complete: a letter with two accents is the composite of the letter with the first accent, and the
            // second.
            foreach (var (point, parts) in composed.OrderBy(entry => entry.Parts.Length))
            {
                var first = parts[..^1].Aggregate((composite, part) => Composites[(composite, part)]);
                Composites.Add((first, parts[^1]), point);
            }
        }

        private static int PointOf(string hexadecimal) =>
            int.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
