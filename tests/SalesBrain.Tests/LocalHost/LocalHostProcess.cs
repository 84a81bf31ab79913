using System.Diagnostics;
using System.Text;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.LocalHost;

/// <summary>The local host as its user starts it: a process with arguments, environment and standard input.</summary>
internal sealed class LocalHostProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task<string> _errors;

    private LocalHostProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <param name="environment">Instead of whatever settings of ours the tests' own environment has.</param>
    internal static LocalHostProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(RepositoryFolder).Assembly.Location, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.Contains("__", StringComparison.Ordinal) || name.StartsWith("ASPNETCORE", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        return new(Process.Start(start)!);
    }

    /// <summary>Runs to the end, with this text as standard input.</summary>
    internal static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string input = "")
    {
        using var run = Start(arguments, environment);
        await run._process.StandardInput.WriteAsync(input);
        run._process.StandardInput.Close();
        var output = await run._process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await run._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (run._process.ExitCode, output, await run._errors);
    }

    /// <summary>
    /// Reads what it prints, up to and with the first line that begins with this text; a process that ends before fails the test.
    /// </summary>
    internal async Task<string> ReadToAsync(string beginning)
    {
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            _output.AppendLine(line);
            if (line.StartsWith(beginning, StringComparison.Ordinal))
            {
                return _output.ToString();
            }
        }
        throw new InvalidOperationException($"No line began with '{beginning}'. {_output} {await _errors}");
    }

    /// <summary>SIGTERM, as a service manager sends it; answers the exit code.</summary>
    internal async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }
}
