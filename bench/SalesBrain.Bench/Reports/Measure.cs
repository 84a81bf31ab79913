namespace SalesBrain.Bench.Reports;

/// <summary>The same thing measured several times.</summary>
internal sealed class Measure
{
    private readonly List<double> _values = [];

    public Measure(params IEnumerable<double> values) => _values.AddRange(values);

    public int Count => _values.Count;

    public double Min => _values.Min();

    public double Max => _values.Max();

    public double Median => Percentile(50);

    public void Add(double value) => _values.Add(value);

    /// <summary>Linear between the two nearest; 0–100.</summary>
    public double Percentile(double percent)
    {
        var sorted = _values.Order().ToArray();
        var rank = percent / 100 * (sorted.Length - 1);
        var (below, above) = (sorted[(int)Math.Floor(rank)], sorted[(int)Math.Ceiling(rank)]);
        return below + ((above - below) * (rank - Math.Floor(rank)));
    }

    /// <summary>This over the other, turn by turn.</summary>
    public Measure Over(Measure other) => new(_values.Zip(other._values, (mine, theirs) => mine / theirs));

    /// <summary>Median, and in parentheses the least and the most.</summary>
    public string Text(string format) => $"{Median.ToString(format)} ({Min.ToString(format)}–{Max.ToString(format)})";
}
