using System.Diagnostics;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>The contents of a server's <c>postmaster.pid</c> (PostgreSQL source, <c>miscadmin.h</c>: one value per line).</summary>
internal sealed record Postmaster(int ProcessId, int Port, bool Ready)
{
    public static string FileIn(string dataFolder) => Path.Combine(dataFolder, "postmaster.pid");

    /// <summary>Null when there is no such file, or not one that a server has finished writing.</summary>
    public static Postmaster? Read(string dataFolder)
    {
        try
        {
            using var file = new FileStream(FileIn(dataFolder), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            return Parse(reader.ReadToEnd());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public static Postmaster? Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        return lines.Length > 4 && int.TryParse(lines[0], out var id) && id > 1 && int.TryParse(lines[3], out var port)
            ? new(id, port, lines.Length > 7 && lines[7] == "ready")
            : null;
    }

    /// <summary>
    /// Whether the process of that number is a server in that data folder. After a crash or a restart of the machine the number may belong
    /// to any other program.
    /// </summary>
    public bool IsAlive(string dataFolder)
    {
        try
        {
            // The command line is readable across accounts and empty for a zombie, unlike the working directory.
            return OperatingSystem.IsLinux()
                ? File.ReadAllText($"/proc/{ProcessId}/cmdline").Split('\0').Contains(dataFolder)
                : Process.GetProcessById(ProcessId).ProcessName.StartsWith("postgres", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
