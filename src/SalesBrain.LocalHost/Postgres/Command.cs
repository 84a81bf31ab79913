using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>Runs an outside program to its end.</summary>
internal static class Command
{
    internal sealed record Result(int ExitCode, string Output)
    {
        /// <summary>The last line that names an error, else the last line: what fits into a one-line message.</summary>
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
            lock (output)
            {
                output.AppendLine(line.Data);
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
    /// All three streams are redirected even where nobody reads them: a child that shares the terminal makes .NET hand over the terminal's settings.
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

    public static string ReasonIn(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] marks = ["FATAL:", "PANIC:", "error:", "npm error", "ERROR:", "could not"];
        var line = marks.Select(mark => lines.LastOrDefault(line => line.Contains(mark, StringComparison.Ordinal))).FirstOrDefault(line => line is not null)
            ?? lines.LastOrDefault()
            ?? "no message";
        var severity = line.IndexOf("FATAL:", StringComparison.Ordinal);
        return (severity < 0 ? line : line[(severity + "FATAL:".Length)..]).Trim().TrimEnd('.');
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
