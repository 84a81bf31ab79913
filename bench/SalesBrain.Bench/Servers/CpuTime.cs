namespace SalesBrain.Bench.Servers;

/// <summary>Processor seconds used so far, from Linux' <c>/proc</c>.</summary>
internal static class CpuTime
{
    /// <summary>Linux counts in hundredths of a second, whatever the kernel's own clock does.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Of one process.</summary>
    public static double OfProcess(int id) => Read(id) is { } stat ? stat.Own / TicksPerSecond : 0;

    /// <summary>Of a process, its children that run, and those that have ended.</summary>
    public static double OfFamily(int id)
    {
        if (Read(id) is not { } parent)
        {
            return 0;
        }
        var children = Directory.GetDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var process) ? Read(process) : null)
            .Where(stat => stat?.Parent == id)
            .Sum(stat => stat!.Own);
        return (parent.Own + parent.Ended + children) / TicksPerSecond;
    }

    /// <summary>Of our own children that have ended: load generators.</summary>
    public static double OfEndedChildren() => Read(Environment.ProcessId)!.Ended / TicksPerSecond;

    private static Stat? Read(int id)
    {
        try
        {
            // The name, in parentheses, may hold anything.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Stat(
                int.Parse(fields[1]), long.Parse(fields[11]) + long.Parse(fields[12]), long.Parse(fields[13]) + long.Parse(fields[14]));
        }
        catch (IOException)
        {
            // It has just ended.
            return null;
        }
    }

    private sealed record Stat(int Parent, long Own, long Ended);
}
