using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>Runs an outside program to its end.</summary>
internal static class Command
{
    internal sealed record Result(int ExitCode, string Output)
    {
        public string Reason => ReasonIn(Output);
    }

    /// <summary>Standard output and error together. Throws <see cref="Win32Exception"/> when the program cannot be started.</summary>
    public static async Task<Result> RunAsync(
        IReadOnlyList<string> command, CancellationToken ct, string? folder = null, string input = "")
    {
        using var process = new Process { StartInfo = Info(command, folder) };
        var output = new StringBuilder();
        DataReceivedEventHandler collect = (_, line) =>
        {
            // Null marks the end of one of the two streams.
            if (line.Data is not null)
            {
                lock (output)
                {
                    output.AppendLine(line.Data);
                }
            }
        };
        process.OutputDataReceived += collect;
        process.ErrorDataReceived += collect;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await WriteAsync(process, input, ct);
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new(process.ExitCode, output.ToString());
    }

    /// <summary>
    /// All three streams are redirected, even if they are not read: otherwise .NET changes the terminal's settings for the child.
    /// </summary>
    public static ProcessStartInfo Info(IReadOnlyList<string> command, string? folder = null)
    {
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            // The server's account may not be able to enter the host's current directory.
            WorkingDirectory = folder ?? Path.GetPathRoot(AppContext.BaseDirectory),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        info.Environment["LC_ALL"] = "C";
        return info;
    }

    /// <summary>What ended a PostgreSQL program, out of its output: the last error, with the hint that goes with it.</summary>
    public static string ReasonIn(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] marks = ["FATAL:", "PANIC:", "error:", "ERROR:", "could not"];
        var error = marks.Select(mark => Array.FindLastIndex(lines, line => line.Contains(mark, StringComparison.Ordinal)))
            .FirstOrDefault(found => found >= 0, lines.Length - 1);
        if (error < 0)
        {
            return "it gave no reason";
        }

        var hint = lines.Skip(error + 1).Take(1).Where(line => line.Contains("HINT:", StringComparison.Ordinal))
            .Select(line => $" ({After(line, "HINT:")})");
        return string.Concat(hint.Prepend(After(lines[error], "FATAL:", "PANIC:", "error:", "ERROR:")));
    }

    private static string After(string line, params string[] marks)
    {
        var starts = marks.Select(mark => (At: line.IndexOf(mark, StringComparison.Ordinal), mark.Length)).Where(mark => mark.At >= 0)
            .Select(mark => mark.At + mark.Length);
        return line[starts.FirstOrDefault()..].Trim().TrimEnd('.');
    }

    private static async Task WriteAsync(Process process, string input, CancellationToken ct)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading its input; its exit code tells why.
        }
    }
}
